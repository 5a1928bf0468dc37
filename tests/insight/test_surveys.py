"""Follow-ups and comments as both faces list and decide about them."""

import re
from datetime import date
from types import SimpleNamespace

import pytest

from chalicelib.domain.notifications.text_code import ALPHABET
from chalicelib.domain.surveys.black_out import blacked_out
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.domain.surveys.name_words import Lexicon
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import Result
from chalicelib.insight.surveys import comments, follow_ups
from chalicelib.virtual.desk import MemoryAttention
from chalicelib.virtual.ledger import MemoryLedger
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

    def __init__(self, **comments):
        self.comments = comments

    def query(self, sql):
        released = sql == query("comments").during(*DAYS)
        assert released or sql == query("comments_unreleased").during(*DAYS)
        rows = (
            (agency_id, name, "2026-10-05", f"hash of {name}", self.comments.get(name, "they were kind"))
            for agency_id in ("springfield", "shelbyville")
            for name in (("r",) if released else ("a", "b"))
        )
        return Result(("agency_id", "id", "dt", "words", "comment"), tuple(rows))


WORDS = Lexicon(
    frozenset({"ruiz", "brown"}), frozenset({"they", "were", "kind", "officer", "was", "rude", "to", "me", "and"})
)


class Releases:
    def __init__(self) -> None:
        self.kept = []

    def keep(self, decision, until):
        self.kept.append((decision.comment_id, decision.state, decision.words, until, decision.mask))

    def find(self, *_):
        return None

    def decision(self, *_):
        return None


PROPOSED = "arn:aws:iam::123456789012:user/lee"


def decide(ids, state, reading=comments.Reading(), **written):
    """Decide about comments; return what is kept of it."""
    releases, book = Releases(), MemoryLedger()
    aws = SimpleNamespace(comments=releases, ledger=book, attention=MemoryAttention())
    on = comments.Decided(aws, Lake(**written), agency(), DAYS, NOW, PROPOSED)
    try:
        if state == "held":
            comments.hold(on, ids)
        else:
            waits = comments.release(on, ids, reading, WORDS)
            releases.kept += [
                (one.act.words["comment"], "waits", one.act.words["words"], one.act.words["mask"]) for one in waits
            ]
    except (comments.UnknownComment, comments.MayName) as problem:
        return str(problem), releases.kept
    return "", releases.kept


def test_only_the_agency_s_own_comments_are_listed():
    assert names_of(comments.listed(Lake(), "springfield", *DAYS, WORDS)) == ["a", "b"]
    assert names_of(comments.listed(Lake(), "springfield", *DAYS, WORDS, released=True)) == ["r"]


def test_a_list_has_codes_that_people_can_say_and_the_words_that_may_name_somebody():
    rows = comments.listed(Lake(a="officer ruiz was rude"), "springfield", *DAYS, WORDS)

    assert [row["may_name"] for row in rows] == [("ruiz",), ()]
    for row in rows:
        assert re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", row["code"])
        for said in (row["code"], row["code"].lower().replace("-", " "), row["id"]):
            problem, kept = decide([said], "released", comments.Reading(rest=True))
            assert (problem, [one[0] for one in kept]) == ("", [row["id"]])


def test_two_comments_of_one_code_are_told_apart_by_their_ids(monkeypatch):
    monkeypatch.setattr(comments, "spoken", lambda _: "AAA-AAA")

    problem, kept = decide(["AAA-AAA"], "released")
    assert "code of several (a, b)" in problem
    assert kept == []
    assert decide(["b"], "released")[0] == ""


RUDE = "officer ruiz was rude and RUIZ's partner brown to me"


@pytest.mark.parametrize(
    ("reading", "open_words"),
    [
        ({}, "ruiz, RUIZ, partner, brown"),
        ({"black_out": ("Ruiz",)}, "partner, brown"),
        ({"black_out": ("ruiz",), "keep": ("partner",)}, "brown"),
        ({"keep": ("ruiz", "partner")}, "brown"),
    ],
)
def test_no_comment_is_released_while_a_word_may_name_somebody(reading, open_words):
    problem, kept = decide(["a"], "released", comments.Reading(**reading), a=RUDE)

    assert f"may name somebody: {open_words}. " in problem
    assert kept == []


def test_words_are_blacked_out_wherever_they_are_and_the_rest_is_kept_by_whoever_read_it():
    all_of_them = comments.Reading(black_out=("ruiz", "partner", "brown"))
    problem, kept = decide(["a"], "released", all_of_them, a="officer ruiz was rude and RUIZ was brown to partner")
    black = "officer ████ was rude and ████ was █████ to ███████"
    assert (problem, blacked_out("officer ruiz was rude and RUIZ was brown to partner", kept[0][4])) == ("", black)


@pytest.mark.parametrize(
    "reading", [comments.Reading(black_out=("ruiz",), keep=("Partner", "brown")), comments.Reading(rest=True)]
)
def test_a_word_that_may_name_somebody_stays_only_where_a_second_person_approves_it(reading):
    """The desk has the same rule, from the same function."""
    problem, kept = decide(["a"], "released", reading, a=RUDE)

    assert (problem, [one[:2] for one in kept]) == ("", [("a", "waits")])
    shown = blacked_out(RUDE, kept[0][3])
    assert ("partner" in shown, "brown" in shown, "RUIZ" in shown) == (True, True, reading.rest)


def test_a_word_that_is_not_there_is_not_taken_for_blacked_out():
    problem, kept = decide(["a"], "released", comments.Reading(black_out=("Ruis",), rest=True), a=RUDE)

    assert "has no 'Ruis' to black out" in problem
    assert kept == []


def names_of(rows):
    return [row["id"] for row in rows]


def test_a_decision_is_kept_with_the_words_that_were_read():
    until = NOW + agency().retention.surveys

    kept = [("b", "released", "hash of b", until, ""), ("a", "released", "hash of a", until, "")]
    assert decide(["b", "a"], "released") == ("", kept)
    assert decide(["r"], "held") == ("", [("r", "held", "hash of r", until, "")])


def test_a_comment_that_nobody_released_can_be_held_too():
    assert [one[:2] for one in decide(["a", "r"], "held")[1]] == [("a", "held"), ("r", "held")]


@pytest.mark.parametrize(("ids", "state"), [(["a", "c"], "released"), (["a", "r"], "released"), (["r", "c"], "held")])
def test_a_name_that_is_not_among_those_changes_nothing_at_all(ids, state):
    said, kept = decide(ids, state)

    assert "nothing was changed" in said
    assert kept == []
