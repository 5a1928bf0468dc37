"""What a judgement at the desk is: drafts, values, what is near, and what came at a call."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.judging import Draft, judgement, lack
from chalicelib.domain.desk.unjudged import Came, by_value, can_be_listed, value_id
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications.judged import LONGEST_NEW, MOST_NEW, first_unjudged
from chalicelib.domain.settings.judgements import LETS, VERDICTS, Judgements
from chalicelib.domain.settings.neighbours import neighbours
from chalicelib.insight.judging.waiting import Sought, Waits, key, screen
from tests.factories import NOW, after, agency, call, incident, judged

STRICT = agency(judgements=Judgements())
WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)
VALUES = st.builds(Evidence, st.sampled_from(["incident_type", "type_modifier", "offenses"]), WORDS, WORDS)
ANA, LEE = Author("desk:id:ana", "Ana Ruiz"), Author("desk:id:lee", "Lee Okafor")


def draft(item, verdict="dull", meaning="", reason=""):
    return Draft(item=item, verdict=verdict, meaning=meaning, reason=reason, judge=ANA, at=NOW)


@given(VALUES, st.sampled_from(VERDICTS), WORDS, WORDS)
def test_whatever_lacks_nothing_is_a_judgement_by_two_people(item, verdict, meaning, reason):
    if item.code.strip() and can_be_listed(item) and lack(item, meaning, verdict, reason, STRICT) is None:
        made = judgement(draft(item, verdict, meaning, reason), LEE)

        assert made.verdicts == {verdict}
        assert made.judges == {"ana ruiz", "lee okafor"}


@given(VALUES, st.sampled_from(sorted(LETS)), WORDS)
def test_whatever_looks_sensitive_lacks_a_reason(item, verdict, meaning):
    unsafe = replace(item, text="domestic violence")

    assert lack(unsafe, "domestic violence", verdict, "", STRICT) in {"reason", "unreadable"}


@given(VALUES, VALUES)
def test_a_digest_is_of_all_that_is_judged_and_by_whom(one, other):
    first = draft(one)
    others = {
        draft(one, "welfare").digest,
        draft(one, meaning="x").digest,
        draft(one, reason="x").digest,
        replace(first, judge=LEE).digest,
    }

    assert first.digest not in others
    assert (first.digest == draft(other).digest) == (one == other)


@given(VALUES)
def test_two_spellings_of_a_value_are_one(item):
    assert value_id(item) == value_id(replace(item, code=item.code.upper().lower(), text=item.text))


def test_a_call_tells_of_a_value_once():
    before = incident(call("NOISE", incident_type_description="Loud music"))
    again = before.merge(call("noise", at=after(1), incident_type_description="LOUD MUSIC"))
    more = again.merge(call("PARK", at=after(2)))
    empty = incident()

    assert first_unjudged(empty, before, STRICT) == (Evidence("incident_type", "NOISE", "Loud music"),)
    assert first_unjudged(before, again, STRICT) == ()
    assert Evidence("incident_type", "PARK") in first_unjudged(again, more, STRICT)
    assert first_unjudged(empty, before, agency()) == ()


def test_free_text_makes_no_calls_item_long():
    modifiers = [f"WORD {chr(65 + number)} AT THE DOOR" for number in range(MOST_NEW + 5)] + ["X" * (LONGEST_NEW + 1)]
    said = frozenset(Evidence("type_modifier", text=text) for text in modifiers)
    told = replace(incident(call()), evidence=said)

    assert len(first_unjudged(incident(), told, STRICT)) == MOST_NEW
    assert not any(len(one.code) > LONGEST_NEW for one in first_unjudged(incident(), told, STRICT))


def test_what_no_list_can_judge_is_not_listed():
    assert can_be_listed(Evidence("incident_type", "PARK", "Parking complaint"))
    for item in (
        Evidence("beat", "12"),
        Evidence("incident_type", ""),
        Evidence("type_modifier", "word " * 31),
        Evidence("type_modifier", "X" * 401),
        Evidence("type_modifier", "call 303-555-0123 back"),
        Evidence("type_modifier", "ana@people.example"),
    ):
        assert not can_be_listed(item)


def test_calls_of_one_batch_are_told_together_without_a_number_that_is_a_phone():
    park = Evidence("incident_type", "PARK")
    heard = by_value([(park, "P26-1"), (Evidence("incident_type", "park"), "303-555-0123")])

    assert [len(one.calls) for one in heard] == [2]
    assert set(heard[0].shown.values()) == {"P26-1"}


def test_near_are_the_same_code_then_its_family_then_the_same_words():
    same = judged("incident_type", "415N", "Noise at night", "never")
    family, words = judged("incident_type", "415", "Disturbance"), judged("incident_type", "X1", "Loud music again")
    far, field = judged("incident_type", "594", "Vandalism"), judged("type_modifier", "LOUD MUSIC")
    found = neighbours(Evidence("incident_type", "415N", "Loud music"), Judgements((far, words, field, family, same)))

    assert found == (same, family, words)
    assert neighbours(Evidence("incident_type", "Z", "Nothing alike"), Judgements((far,))) == ()


@given(st.lists(st.integers(1, 5), max_size=60), st.integers(1, 30))
def test_screens_hold_each_value_once_in_their_order(counts, most):
    found = [
        Waits(came=Came(item=Evidence("incident_type", f"T{n}"), calls=calls, since=NOW, heard_at=NOW))
        for n, calls in enumerate(counts)
    ]
    found.sort(key=lambda one: one.came.place)
    seen, place = [], ""
    while True:
        page = screen(found, STRICT, Sought(), place, most)
        seen += page.found
        place = page.after
        if not place:
            break

    assert seen == found


@given(st.text(max_size=40))
def test_a_key_of_nobodys_begins_at_the_beginning_or_the_end(place):
    one = Waits(came=Came(item=Evidence("incident_type", "T"), calls=3, since=NOW, heard_at=NOW))

    assert screen([one], STRICT, Sought(), place).all == 1
    assert screen([one], STRICT, Sought(), key(one)).found == ()
