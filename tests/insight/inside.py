"""Functions of the insight as a web page would call them; run in the package alone, and in the test's own process.

As a program it has the name of a function below as its argument. Of the repository it imports only `chalicelib`.
"""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.aws.stores.history import Story
from chalicelib.insight.explain.read import read
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.gather import Figures
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import queries as known_queries
from chalicelib.insight.figures.queries import views
from chalicelib.insight.figures.surveys import surveys_of
from chalicelib.insight.settings import preview as texts
from chalicelib.insight.settings.check import check as checked
from chalicelib.insight.settings.diff import as_json
from chalicelib.insight.settings.diff import diff as compared
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.shadow import past as pasts
from chalicelib.virtual.clock import VirtualCity, as_if_live

HERE = Path(__file__).resolve().parent
PLAYED = ("explain", "check", "preview", "diff", "shadow", "queries", "report")


def explain():
    """Tell the story of an incident that happened in memory."""
    rules = as_if_live(agency())
    city = VirtualCity(rules)
    list(city.play(week().told))
    key = next(record.incident.key for record in city.records() if any(row.sent_at for row in record.rows.values()))

    class Books:
        surveys, survey_secret, follow_ups = city.ports.surveys, city.ports.survey_secret, city.ports.follow_ups

        @property
        def incidents(self):
            return self

        settings = incidents

        def story(self, key):
            return Story(record=city.ports.incidents.load(key))

        def agency(self, agency_id, at_least=0):
            return rules

        def history(self, agency_id):
            return ()

    told, zone = read(Books(), key)
    return to_builtins(told) | {"zone": str(zone)}


def check():
    """Check a settings file with a mistake in it."""
    return checked(HERE.parent / "broken" / "words_arrest.toml").for_programs()


def preview():
    """Show every text of an agency."""
    return texts.as_json(texts.preview(agency(), texts.samples(agency(), "P26-1", "26-88")))


def diff():
    """Compare two settings over a week of calls."""
    past = week()
    changed = replace(past.agency, hours={}, incident_types=past.agency.incident_types[:1])
    return as_json(compared(past.agency, changed, past.told, lambda: None))


def shadow():
    """Report on a week in shadow."""
    return to_builtins(pasts.report(pasts.played(week(), lambda: None), None, 0.01))


def queries():
    """List the named queries of the lake."""
    return {name: one.sql for name, one in (known_queries() | views()).items()}


def figures():
    """Return the figures of a quarter, over given answers."""
    nothing = dict.fromkeys(("timeliness", "delays", "delivery", "cost", "reasons", "again", "comments"), ())
    marks = {"2026-08": Counter({5: 30, 2: 9}), "2026-09": Counter({5: 41, 1: 3})}
    by_month = (("month", "2026-08", 39, 30), ("month", "2026-09", 44, 41))
    groups = (*by_month, ("type", "NOISE", 40, 33), ("type", "THEFT", 43, 38))
    return Figures(
        quarter=Quarter(2026, 3),
        today=date(2026, 12, 1),
        calls=400,
        duplicates=0,
        told=300,
        told_outcome=250,
        asked=120,
        answered=83,
        marks={("overall", ""): marks},
        surveys=surveys_of(Quarter(2026, 3), [_marked(*group) for group in groups], [], date(2026, 12, 1)),
        not_carried=frozenset(),
        comments_counted=(),
        messages=({"kind": "survey", "state": "delivered", "hour": 13, "messages": 120},),
        scanned=0,
        **nothing,
    )


def report():
    """Compose a report over given answers."""
    return to_builtins(compose(figures(), agency(), "en", date(2026, 12, 1)))


def _marked(dimension, value, answers, favourable):
    group = {"dimension": dimension, "value": value, "answers": answers, "favourable": favourable}
    return {"question": "overall", "question_version": "", **group}


def as_text(name):
    """Return what one of the functions gives, as JSON."""
    return json.dumps(globals()[name](), default=str, sort_keys=True)


def agency():

    return load_settings(HERE.parents[1] / "infra" / "agencies" / "demo.toml")


def week():

    return pasts.from_nowhere(25, agency())


if __name__ == "__main__":
    print(as_text(sys.argv[1]))
