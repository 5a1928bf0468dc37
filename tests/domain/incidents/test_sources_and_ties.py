"""An oracle of merge, written from docs/vendor/webhook.md alone, and what it says of ties and sources."""

import json
from contextlib import contextmanager

import msgspec
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from chalicelib.domain.incidents import merge, stopping
from chalicelib.domain.incidents.duplicates import Follower
from chalicelib.domain.incidents.facts import Facts, Link
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.merge import Stamp
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.incidents.update import STOPPING, STOPS
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.plan import Planned, plan
from chalicelib.domain.phones import Phone
from tests.factories import NOW, after, agency, call, incident, update
from tests.strategies import updates

PARTY_FIELDS = ("role", "contact_kind", "phone", "email", "language")


def stops(field, value):
    """Tell whether the page says that a value stops a text."""
    return (
        (field == "response_mode" and value in ("phone", "online", "none"))
        or (field == "origin" and value == "officer_initiated")
        or (field == "exercise" and value is True)
        or (field == "linked_to" and value is not None and value.relation != "related")
        or (field == "phone" and value is not None and value.number is None)
        or (field == "role" and value == "witness")
        or (field == "contact_kind" and value not in (None, "personal"))
    )


def as_text(value):
    return json.dumps(msgspec.to_builtins(value), sort_keys=True, separators=(",", ":"))


def since_open(field, seen, words):
    """Tell whether a later word of the same system took back the end of the call that was seen."""
    if field not in ("closed_at", "cancelled_at"):
        return False
    return any(each[0] == seen[0] and each[3] is None and each[1:3] > seen[1:3] for each in words)


def by_the_page(field, words):
    """Return what a field is after these words, in any order: (source, as_of, sequence, value, whether it was seen)."""
    last = {}
    seen = [word[3] for word in words if word[4] and not since_open(field, word, words)]
    for source in ("cad", "rms"):
        own = [word[1:] for word in words if word[0] == source]
        if own:
            told = max(own, key=lambda w: (w[0], w[1], w[2] is not None, stops(field, w[2]), not w[3], as_text(w[2])))
            last[source] = min(seen) if told[3] else told[2]
    first, second = ("rms", "cad") if field == "case_numbers" else ("cad", "rms")
    return last[first] if last.get(first) is not None else last.get(second)


def words(told, field):
    for each in told:
        if field in each.facts:
            value = each.facts[field]
            ends = field in STOPS or field == "transferred_to"
            if not each.rejected or (value and (ends or (field in STOPPING and stops(field, value)))):
                yield each.source, each.as_of, each.sequence, value, field in each.first_seen


def disagrees(told):
    merged = incident(*told)
    for field in Facts.__struct_fields__:
        if getattr(merged.facts, field) != by_the_page(field, list(words(told, field))):
            return True
    for party_id, party in merged.parties.items():
        for field in PARTY_FIELDS:
            said = [
                (each.source, each.as_of, each.sequence, each.parties[party_id][field], False)
                for each in told
                if field in each.parties.get(party_id, {})
            ]
            if getattr(party, field) != by_the_page(field, said):
                return True
    return False


@given(st.lists(updates, max_size=8))
def test_each_field_is_what_the_page_says(told):
    assert not disagrees(told)


def greatness(**other):
    """Return the order of words with one part of it changed."""

    def wrong(name, word):
        value, stamp = word
        parts = {
            "as_of": stamp.as_of,
            "sequence": stamp.sequence,
            "told": value is not None,
            "rank": stopping.rank(name, value),
            "first_seen": not stamp.first_seen,
            "value": merge.canonical(value),
            "source": (stamp.update_id, stamp.source),
        }
        parts |= {part: change(name, value, stamp) for part, change in other.items()}
        return tuple(parts.values())

    return wrong


def the_earlier(name, word, known, right=merge._is_greater):
    """Change what decides between two instants: `_greatness` is asked of words of one instant alone."""
    at, known_at = word.stamp.as_of, known.stamp.as_of
    return at < known_at if at != known_at else right(name, word, known)


def a_fact_beats_null(name, word, known, right=merge._is_greater):
    told, known_told = word.value is not None, known.value is not None
    return told if told != known_told else right(name, word, known)


def only_the_latest(name, words):
    return max(words, key=lambda word: merge._greatness(name, word)), None


def cad_always(name, words, settle=merge.settle):
    return settle("beat" if name == "case_numbers" else name, words)


def rms_always(name, words, settle=merge.settle):
    return settle("case_numbers", words)


def the_greater_source(name, words, settle=merge.settle):
    shown, other = settle(name, words)
    return (other, shown) if other and other.stamp.as_of > shown.stamp.as_of else (shown, other)


def null_of_cad_hides(name, words, settle=merge.settle):
    shown, other = settle(name, words)
    return (other, shown) if other and other.value is None and other.stamp.source == "cad" else (shown, other)


MUTANTS = {
    "ties by the update's id": ("_greatness", greatness(told=lambda _n, _v, stamp: stamp.update_id)),
    "null beats a fact": ("_greatness", greatness(told=lambda _n, value, _s: value is None)),
    "no sequence": ("_greatness", greatness(sequence=lambda *_: 0)),
    "the lower sequence": ("_greatness", greatness(sequence=lambda _n, _v, stamp: -stamp.sequence)),
    "no rank": ("_greatness", greatness(rank=lambda *_: 0)),
    "the rank upside down": ("_greatness", greatness(rank=lambda name, value, _s: -stopping.rank(name, value))),
    "a time that was seen beats one that was told": (
        "_greatness",
        greatness(first_seen=lambda _n, _v, s: s.first_seen),
    ),
    "the earlier word": ("_is_greater", the_earlier),
    "the smaller value": ("_greatness", greatness(value=lambda _n, value, _s: [-b for b in merge.canonical(value)])),
    "a fact beats a later null": ("_is_greater", a_fact_beats_null),
    "one register for both": ("settle", only_the_latest),
    "case numbers of CAD first": ("settle", cad_always),
    "RMS first": ("settle", rms_always),
    "the later source": ("settle", the_greater_source),
    "null of CAD hides RMS": ("settle", null_of_cad_hides),
}


@contextmanager
def broken(name):
    place, instead = MUTANTS[name]
    right = getattr(merge, place)
    setattr(merge, place, instead)
    try:
        yield
    finally:
        setattr(merge, place, right)


@pytest.mark.whole
@pytest.mark.parametrize("name", MUTANTS)
def test_the_oracle_finds_every_mistake(name):
    generate = settings(
        max_examples=20_000, database=None, phases=[Phase.generate]
    )  # any mistake will do, not the least
    with broken(name):
        try:
            found = find(st.lists(updates, max_size=4), disagrees, settings=generate)
        except NoSuchExample:
            pytest.fail(f"not found: {name}")

    assert found


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a"), ("a", "a")])
def test_of_two_snapshots_of_one_second_the_arrival_counts(ids):
    """FOUND A1: ties were settled by a random id, so people were told of a delay while officers were there."""
    opened = call("NOISE")
    waiting, there = update(after(9), ids[0], arrived_at=None), update(after(9), ids[1], arrived_at=after(9))

    for told in ([opened, waiting, there], [opened, there, waiting]):
        decisions = plan(incident(*told), agency())
        assert not [one for one in decisions if isinstance(one, Planned) and one.key.kind is Kind.DELAY]


def test_a_later_null_of_the_same_source_takes_back():
    arrived, mistaken = update(after(1), "z", arrived_at=after(1)), update(after(1), "a", arrived_at=None, sequence=1)

    assert incident(mistaken, arrived).facts.arrived_at is None


def test_a_records_system_takes_back_its_own_words_alone():
    cad, rms = update(NOW, arrived_at=NOW, case_numbers=("1",)), update(NOW, case_numbers=("2",), source="rms")
    null = update(after(9), arrived_at=None, case_numbers=None, source="rms")

    assert incident(cad, rms).facts.case_numbers == ("2",)
    assert incident(cad, rms, null).facts.case_numbers == ("1",)
    assert incident(cad, rms, null).facts.arrived_at == NOW


def test_a_row_from_before_sources_were_known_takes_later_words_of_either_source():
    old = msgspec.json.decode(
        b'{"agency_id":"springfield","incident_number":"P26-1","as_of":"2026-11-21T18:00:00Z",'
        b'"facts":{"beat":"1","case_numbers":["1"]},'
        b'"stamps":{"beat":["2026-11-21T18:00:00Z","u"],"case_numbers":["2026-11-21T18:00:00Z","u"]},'
        b'"parties":{"1":{"role":"caller","stamps":{"role":["2026-11-21T18:00:00Z","u"]}}}}',
        type=Incident,
    )
    rms = update(after(1), "r", {"1": {"role": "victim"}}, beat="2", case_numbers=("2",), source="rms")
    early = update(after(-1), "c", {"1": {"role": "witness"}}, beat="3")
    late = update(after(2), "l", {"1": {"role": "caller"}}, beat="4")

    assert old.merge(rms).merge(early) == old.merge(early).merge(rms)
    assert old.merge(rms).merge(late) == old.merge(late).merge(rms)
    assert (old.merge(rms).facts.beat, old.merge(rms).parties["1"].role) == ("2", "victim")
    assert old.merge(rms).merge(late).facts.beat == "4"
    assert old.merge(early).facts.beat == "1"


class StampBefore(msgspec.Struct, array_like=True):
    """A stamp as the release before reads it."""

    as_of: str
    update_id: str


class IncidentBefore(msgspec.Struct):
    """As much of an incident as the release before has for its fields."""

    facts: Facts
    stamps: dict[str, StampBefore]


@given(st.lists(updates, min_size=1, max_size=6))
def test_the_release_before_reads_what_the_fields_show(told):
    merged = incident(*told)
    before = msgspec.json.decode(
        msgspec.json.encode({"facts": {}, "stamps": {}} | msgspec.to_builtins(merged)), type=IncidentBefore
    )

    assert (before.facts, before.stamps.keys()) == (merged.facts, merged.stamps.keys())
    assert msgspec.json.decode(msgspec.json.encode(merged), type=Incident) == merged


stamps = st.builds(
    Stamp,
    as_of=st.sampled_from([NOW, after(1)]),
    update_id=st.sampled_from("ab"),
    sequence=st.sampled_from([0, 1]),
    source=st.sampled_from(["cad", "rms"]),
)
followers = st.builds(Follower, leader=st.sampled_from([None, "P26-1", "P26-2"]), stamp=stamps)


@given(followers, followers, followers)
def test_records_of_a_follower_merge_the_same_in_any_order(one, two, three):
    assert one.joined(two) == two.joined(one)
    assert one.joined(two).joined(three) == one.joined(two.joined(three))
    assert one.joined(two).joined(two) == one.joined(two)


@given(st.lists(updates, max_size=4), st.lists(updates, max_size=4))
def test_records_of_a_party_merge_the_same_in_any_order(some, more):
    one, other = (incident(*told).parties.get("1", Party()) for told in (some, more))

    assert one.joined(other) == other.joined(one) == incident(*some, *more).parties.get("1", Party())


def test_a_link_that_makes_a_duplicate_beats_one_that_does_not():
    told = [
        update(NOW, "a", linked_to=Link("P26-9", "related")),
        update(NOW, "b", linked_to=Link("P26-2", "duplicate_of")),
    ]

    assert incident(*told).names == incident(*reversed(told)).names == "P26-2"


def test_a_phone_that_cannot_be_texted_beats_one_that_can():
    told = [
        update(NOW, "a", {"1": {"phone": Phone(number="+13035550123")}}),
        update(NOW, "b", {"1": {"phone": Phone()}}),
    ]

    assert incident(*told).parties["1"].phone == Phone()
