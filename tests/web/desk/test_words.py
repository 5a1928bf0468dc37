"""The words of the desk: the same in both languages, all used, none missing."""

import re
from string import Formatter
from typing import get_args

import pytest

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.jobs import JobState, Limit
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.scenarios import Unfit
from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.restore import WhyNot
from chalicelib.domain.settings.watchers import NEVER_PAGES
from chalicelib.web.desk.assets import FOLDER
from chalicelib.words import desk as words
from chalicelib.words import written
from tenfour.common.paths import ROOT
from tests.house.prose import problems

SAID = re.compile(r"""\b(?:say|raw|find)\(\s*["']([a-z_]+\.[a-z_.]*[a-z_])["']""")
MADE = re.compile(r"""["']([a-z_]+\.(?:[a-z_]+\.)?)["'] ~""")


def flat(told, before=""):
    for name, value in told.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


ENGLISH, SPANISH = (dict(flat(words.load(language))) for language in ("en", "es"))


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_with_the_same_fields():
    assert {name: fields(text) for name, text in ENGLISH.items()} == {
        name: fields(text) for name, text in SPANISH.items()
    }
    assert all(text.strip() for text in (*ENGLISH.values(), *SPANISH.values()))


def test_whatever_a_page_says_has_words():
    sources = [path.read_text() for path in (*FOLDER.glob("*.html"), *(ROOT / "chalicelib/web/desk").glob("*.py"))]
    said = {name for source in sources for name in SAID.findall(source)}

    assert len(said) > 90
    assert said <= ENGLISH.keys()


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("role", Role),
        ("kind", Kind),
        ("state", State),
        ("did", What),
        ("why", Why),
        ("restore_why", get_args(WhyNot)),
        ("scenario_why", get_args(Unfit)),
        ("job_limit", get_args(Limit)),
        ("played_state", {*get_args(JobState)} - {"done"}),
        ("scope", ("agency", "tables", "incident", "type", "beat", "kind")),
    ],
)
def test_each_value_has_a_word(group, values):
    assert {f"{group}.{value}" for value in values} <= ENGLISH.keys()


def test_each_cause_has_words_and_a_next_step():
    assert {f"waits.{cause}{end}" for cause in Cause for end in ("", "_next")} <= ENGLISH.keys()
    assert {f"cause.{cause}{end}" for cause in Cause for end in ("", "_says")} <= ENGLISH.keys()
    assert {f"watchers.{cause}" for cause in set(Cause) - NEVER_PAGES} <= ENGLISH.keys()
    for language in ("en", "es"):
        assert set(Cause) - NEVER_PAGES <= written(language)["paging"].keys()
    assert {f"waits.feed_{trouble.value}" for trouble in FeedTrouble} <= ENGLISH.keys()


def test_the_words_are_plain_english():
    found = {name: [*problems(re.sub(r"\{\w+[^}]*\}", "7", text))] for name, text in ENGLISH.items()}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("cause", Cause)
def test_whatever_waits_has_its_words_on_each_page_that_names_it(cause):
    named = {f"cause.{cause}", f"cause.{cause}_says", f"waits.{cause}", f"waits.{cause}_next"}
    paged = set() if cause in NEVER_PAGES else {f"watchers.{cause}"}

    assert named | paged <= ENGLISH.keys()
