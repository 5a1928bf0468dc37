"""An agency's own scenarios at the desk: kept with the settings, and played in a review by whoever reviews."""

import html
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author, digest
from chalicelib.domain.desk.scenarios import LONGEST, MOST, NotKept, may_keep
from chalicelib.domain.names import Kind
from chalicelib.insight.approval import publishing
from chalicelib.insight.drafts import restore, terminal
from chalicelib.insight.drafts.scenarios import AT_A_TIME
from chalicelib.insight.scenarios import run_sheet
from chalicelib.insight.settings.written import as_toml
from chalicelib.web.desk import door
from tests.web.desk.test_draft_week import quieter
from tests.web.desk.test_drafts import OURS, asked_for_review, decide, get, in_force, post, publish, somebody, the_draft
from tests.web.desk.test_words import ENGLISH
from tests.web.desk.world import DeskWorld

TWO = "Ana (desk:id.springfield.example:ana) and Ben (desk:id.springfield.example:ben)"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
GOES = """
title = "Nothing is said of a call that nobody heard of"
why = "it must go as it says"
expect = []
[[steps]]
at = "0m"
pause = { of = "kind", which = "delay" }
"""
OUTCOME = """
title = "People hear how their call ended"
why = "they wait for it"
[[steps]]
at = "0m"
call = { incident_type = "NOISE" }
[[steps]]
at = "5m"
update = { dispositions = ["HAN"], closed_at = "5m" }
[[expect]]
kind = "acknowledgment"
[[expect]]
kind = "delay"
[[expect]]
kind = "outcome"
"""


@pytest.fixture
def world(monkeypatch):
    made = DeskWorld(OURS)
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


@pytest.fixture
def ana(world):
    return somebody(world, "ana", "words")


@pytest.fixture
def ben(world):
    return somebody(world, "ben", "approver")


def keep(world, cookie, name, text=GOES, **more):
    return post(world, cookie, "/scenario", name=name, text=text, act="keep", **more)


def play(world, cookie, name):
    answer = post(world, cookie, "/scenarios", id=name)
    world.do_work()
    return answer


def names(world):
    return [one.name for one in world.scenarios.all_of("springfield")]


def test_a_scenario_is_kept_read_replaced_and_removed_and_the_ledger_has_it(world, ana, ben):
    assert keep(world, ana, "quiet-night").status_code == 303
    body = get(world, ben, "/scenarios").body
    keep(world, ana, "quiet-night", GOES.replace("Nothing is said", "Not a word"))

    assert "Nothing is said of a call" in body
    assert 'value="keep"' not in body
    assert [one.title for one in world.scenarios.all_of("springfield")] == ["Not a word of a call that nobody heard of"]
    assert post(world, ana, "/scenario", name="quiet-night", act="remove").status_code == 303
    assert names(world) == []
    assert [about for _, about in world.ledger.said] == [
        "scenario quiet-night: kept",
        "scenario quiet-night: kept",
        "scenario quiet-night: removed",
    ]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("Quiet night", GOES, "name"),
        ("call-3035550123", GOES, "name"),
        ("", GOES, "name"),
        ("quiet", "x" * (LONGEST + 1), "long"),
        ("quiet", GOES + "# call 303-867-5309", "person"),
        ("quiet", GOES + "# ana@springfield.gov", "person"),
        ("quiet", "title = 1", "unread"),
        ("quiet", "title =", "unread"),
    ],
)
def test_what_is_no_scenario_or_names_a_person_is_not_kept_and_comes_back_as_it_was_typed(world, ana, name, text, why):
    refused = keep(world, ana, name, text)

    assert refused.status_code == 422
    assert ENGLISH[f"scenario_why.{why}"] in html.unescape(refused.body)
    assert html.escape(text.strip()[:40], quote=False).partition('"')[0] in refused.body
    assert (names(world), world.ledger.said) == ([], [])


def test_every_scenario_that_we_have_may_be_kept_and_an_agency_keeps_so_many():
    for file in SCENARIOS.glob("*.toml"):
        if file.name != "agency.toml":
            may_keep(file.stem, file.read_text(), ())
    there = [f"call-{number}" for number in range(MOST)]
    may_keep("call-1", GOES, there)
    with pytest.raises(NotKept) as refused:
        may_keep("one-more", GOES, there)
    assert refused.value.why == "many"


def test_the_reviewer_plays_them_through_the_draft_and_reads_the_story_of_each_that_fails(world, ana, ben):
    for number in range(AT_A_TIME + 1):
        keep(world, ana, f"quiet-{number}")
    keep(world, ana, "ended", OUTCOME)
    asked_for_review(world, ana, as_toml(quieter(OURS)))
    name = the_draft(world).id
    before = get(world, ben, "/review", id=name).body
    assert run_sheet(OUTCOME, OURS) == ""
    play(world, ben, name)
    body = get(world, ben, "/review", id=name).body

    assert "The agency keeps scenarios (12). You have not let them play" in before
    assert "Scenarios that do not go as they say: 1 of 12." in body
    assert "People hear how their call ended" in body
    assert "What happened:" in body
    assert "played" in world.ledger.said[-1][1]
    assert "You have not let them play" in get(world, ana, "/review", id=name).body


def test_one_that_fails_keeps_nobody_from_publishing_nor_from_restoring(world, ana, ben):
    present = in_force(world)
    good = world.settings.publish(present, TWO, "by two", world.now, source=as_toml(present)).version
    keep(world, ana, "ended", OUTCOME)
    asked_for_review(world, ana, as_toml(quieter(OURS)))
    play(world, ben, the_draft(world).id)
    decide(world, ben, "approve")

    assert "that do not go as they say" in get(world, ben, "/review", id=the_draft(world).id).body
    assert publish(world, ben).status_code == 303
    assert restore.restore(world, "springfield", good, None, Author("desk:id:cleo"), "", world.now).version == 3


def test_what_is_published_goes_as_they_say_and_another_text_or_scenario_is_played_anew(world, ana, ben):
    keep(world, ana, "quiet")
    asked_for_review(world, ana, as_toml(replace(OURS, short_name="Our PD")))
    name = the_draft(world).id
    play(world, ben, name)

    assert "All of the agency's scenarios (1) go" in html.unescape(get(world, ben, "/review", id=name).body)
    keep(world, ana, "ended", GOES)
    assert "You have not let them play" in get(world, ben, "/review", id=name).body


def test_they_are_played_through_what_a_terminal_proposed(world, ana, ben):
    keep(world, ana, "ended", OUTCOME)
    lead = Author("arn:aws:iam::111122223333:user/lead")
    publishing.publish(world, replace(quieter(OURS), mass_call=OURS.mass_call + 1), lead, "less", world.now)
    (one,) = terminal.at_terminal(world, "springfield", world.now)
    play(world, ben, digest(one.act))
    body = get(world, ben, "/proposal", id=digest(one.act)).body

    assert "Scenarios that do not go as they say: 1 of 1." in body
    assert Kind.OUTCOME in body


def test_scenarios_that_changed_while_the_job_waited_are_not_played(world, ana, ben):
    keep(world, ana, "quiet")
    asked_for_review(world, ana)
    post(world, ben, "/scenarios", id=the_draft(world).id)
    keep(world, ana, "another")

    assert world.do_work() == ["gone"]


def test_without_scenarios_nothing_is_asked_and_whoever_reviews_keeps_none(world, ana, ben):
    asked_for_review(world, ana)
    answer = post(world, ben, "/scenarios", id=the_draft(world).id)

    assert (answer.status_code, world.work) == (409, [])
    assert keep(world, ben, "quiet").status_code == 403
    assert post(world, ana, "/scenario", name="none", act="remove").status_code == 404
    world.now += timedelta(seconds=1)
    assert get(world, ben, "/scenarios", id="nosuchone").status_code == 404


@pytest.mark.parametrize("text", ["a = " + "[" * 8_000, "a = " + "{a=" * 4_000])
def test_brackets_without_end_are_no_scenario_and_no_fault(world, ana, text):
    answer = post(world, ana, "/scenario", act="keep", name="deep", text=text)

    assert answer.status_code == 422
    assert "not TOML" in answer.body


@pytest.mark.parametrize("where", ["start", "until"])
@pytest.mark.parametrize("time", ["9999-12-31 23:59", "0001-01-01 00:00", "999999d999999d999999d", "-999999d"])
def test_times_beyond_all_calendars_fail_their_own_scenario_and_no_other(where, time):
    """A chunk plays several: one that breaks the player would leave all of them without an outcome."""
    assert "is no time" in run_sheet(f'{where} = "{time}"\n{GOES}', OURS)
