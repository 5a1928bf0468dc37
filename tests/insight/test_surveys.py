"""Follow-ups and comments as both faces list and decide about them."""

from datetime import date
from types import SimpleNamespace

import pytest

from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import Result
from chalicelib.insight.surveys import comments, follow_ups
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, after, agency

DAYS = date(2026, 10, 1), date(2026, 10, 31)
DESK = Desk.SUPERVISORS


def one(name, due, raised=0):
    return FollowUp(
        id=name,
        agency_id="springfield",
        desk=DESK,
        because=Because.LOW_SCORE,
        raised_at=after(raised),
        due_at=None if due is None else after(due),
    )


@pytest.fixture
def world():
    ports = MemoryPorts(agency())
    for each in (one("late", 90), one("soon", 30), one("praise", None, raised=60)):
        ports.follow_ups.keep(each, None)
    return ports


def names(found):
    return [each.id for each in found]


def test_the_one_due_first_is_on_top_and_what_was_seen_to_is_below(world):
    assert names(follow_ups.listed(world, "springfield", DESK, NOW)) == ["soon", "praise", "late"]

    follow_ups.answer(world, "springfield", DESK, "soon", after(5), "Sgt. Lee", "called")
    assert names(follow_ups.listed(world, "springfield", DESK, NOW)) == ["praise", "late"]
    assert names(follow_ups.listed(world, "springfield", DESK, NOW, everything=True)) == ["praise", "late", "soon"]


def test_nobody_sees_to_one_twice_or_to_one_that_is_not_there(world):
    follow_ups.answer(world, "springfield", DESK, "soon", after(5), "Sgt. Lee", "called")

    for name in ("soon", "nothing"):
        with pytest.raises(follow_ups.NothingWaits, match=f"'{name}' waits for supervisors"):
            follow_ups.answer(world, "springfield", DESK, name, after(6), "Sgt. Lee", "again")


class Lake:
    """Two agencies' comments: of each, one that may be quoted and two that nobody released."""

    def query(self, sql):
        released = sql == query("comments").during(*DAYS)
        assert released or sql == query("comments_unreleased").during(*DAYS)
        rows = (
            (agency_id, name, "2026-10-05", f"hash of {name}")
            for agency_id in ("springfield", "shelbyville")
            for name in (("r",) if released else ("a", "b"))
        )
        return Result(("agency_id", "id", "dt", "words"), tuple(rows))


class Releases:
    def __init__(self) -> None:
        self.kept = []

    def keep(self, decision, until):
        self.kept.append((decision.comment_id, decision.state, decision.words, until))


def decide(ids, state):
    """Decide about comments; return what is kept of it."""
    releases = Releases()
    world = SimpleNamespace(comment_releases=releases)
    try:
        comments.decide(world, Lake(), agency(), ids, state, DAYS, NOW, "Lee")
    except comments.UnknownComment as problem:
        return str(problem), releases.kept
    return "", releases.kept


def test_only_the_agency_s_own_comments_are_listed():
    assert names_of(comments.listed(Lake(), "springfield", *DAYS)) == ["a", "b"]
    assert names_of(comments.listed(Lake(), "springfield", *DAYS, released=True)) == ["r"]


def names_of(rows):
    return [row["id"] for row in rows]


def test_a_decision_is_kept_with_the_words_that_were_read():
    until = NOW + agency().retention.surveys

    kept = [("b", "released", "hash of b", until), ("a", "released", "hash of a", until)]
    assert decide(["b", "a"], "released") == ("", kept)
    assert decide(["r"], "held") == ("", [("r", "held", "hash of r", until)])


@pytest.mark.parametrize(("ids", "state"), [(["a", "c"], "released"), (["a", "r"], "released"), (["r", "a"], "held")])
def test_a_name_that_is_not_among_those_changes_nothing_at_all(ids, state):
    said, kept = decide(ids, state)

    assert "nothing was changed" in said
    assert kept == []
