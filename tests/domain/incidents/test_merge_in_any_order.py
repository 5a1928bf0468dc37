from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.incidents.incident import MOST_KEPT, MOST_PARTIES_KEPT
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications.plan import plan
from chalicelib.domain.notifications.reconcile import reconcile
from chalicelib.domain.phones import Phone
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, after, agency, caller, incident, update
from tests.strategies import updates


@given(st.lists(updates, max_size=6), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_updates_gives_the_same_incident(told, dice):
    shuffled = told + dice.choices(told, k=3) if told else []
    dice.shuffle(shuffled)

    assert incident(*shuffled) == incident(*told)


@given(updates, updates, updates)
def test_merge_does_not_depend_on_how_updates_are_grouped(first, second, third):
    once = incident(first, second).merge(third)

    assert once == incident(second, third).merge(first)
    assert once.merge(first).merge(third) == once


@given(st.lists(updates, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_notifications_even_where_each_update_was_acted_on(told, dice):
    rules = agency()

    def decided(order):
        """Return what stands in the tables after the updates, one webhook each: rows that wait, and reasons."""
        rows, merged, skipped = {}, incident(), ()
        for each in order:
            merged = merged.merge(each)
            result = reconcile(rows, plan(merged, rules), rules, NOW)
            rows |= {row.key: row for row in result.changed}
            skipped = result.skipped
        waiting = {
            (key, row.address, row.planned_for, row.expires_at, row.variant) for key, row in rows.items() if row.awaits
        }
        return waiting, set(skipped)

    shuffled = [*told, dice.choice(told)]
    dice.shuffle(shuffled)

    assert decided(shuffled) == decided(told)


def test_the_later_word_wins_whenever_it_comes():
    early, late = update(after(1), incident_type="NOISE"), update(after(2), incident_type="THEFT")

    assert incident(late, early).facts.incident_type == "THEFT"


def test_null_takes_a_fact_back():
    arrived, mistaken = update(after(1), arrived_at=after(1)), update(after(2), arrived_at=None)

    assert incident(arrived, mistaken).facts.arrived_at is None
    assert incident(mistaken, arrived).facts.arrived_at is None


def test_a_field_that_an_update_does_not_mention_stays():
    first = update(after(1), priority="3", parties={"1": caller(email="a@people.example")})

    merged = incident(first, update(after(2), beat="612", parties={"1": {"role": "victim"}}))

    assert (merged.facts.priority, merged.facts.beat) == ("3", "612")
    assert (merged.parties["1"].email, merged.parties["1"].role) == ("a@people.example", "victim")


def test_two_values_under_one_id_settle_the_same_way_in_either_order():
    one, other = update(NOW, "same", priority="1"), update(NOW, "same", priority="4")

    assert incident(one, other) == incident(other, one)


def test_a_latch_holds_whatever_comes_later():
    latched = update(after(1), latches=frozenset({Latch.JUVENILE}), unsafe_parties=frozenset({"1"}))

    merged = incident(latched, update(after(9), parties={"1": caller()}))

    assert merged.holds(Latch.JUVENILE)
    assert merged.unsafe_addresses >= merged.parties["1"].addresses
    assert merged.parties["1"].unsafe_as_of


def test_every_word_about_the_nature_of_an_incident_is_remembered():
    merged = incident(
        update(after(1), incident_type="DIST", incident_type_description="domestic"),
        update(after(2), incident_type="NOISE", incident_type_description="noise", offenses=("13A",)),
    )

    words = {item.code or item.text for item in merged.evidence}
    assert words == {"DIST", "NOISE", "13A"}


def test_every_address_that_was_ever_named_is_remembered():
    merged = incident(
        update(after(1), parties={"1": caller(fictional_phone(1))}),
        update(after(2), parties={"1": caller(fictional_phone(2))}),
    )

    assert merged.addresses == {fictional_phone(1), fictional_phone(2)}
    assert merged.parties["1"].phone == Phone(number=fictional_phone(2))


def test_an_unsafe_party_was_unsafe_at_each_address_that_it_ever_had():
    merged = incident(
        update(after(1), parties={"1": caller(fictional_phone(1))}),
        update(after(2), parties={"1": caller(fictional_phone(2))}, unsafe_parties=frozenset({"1"})),
    )

    assert merged.unsafe_addresses >= merged.parties["1"].addresses
    assert merged.parties["1"].unsafe_as_of
    assert merged.parties["1"].ever_at == {fictional_phone(1), fictional_phone(2)}


def test_a_rejected_update_tells_nothing_but_what_must_hold():
    merged = incident(update(NOW, "x", incident_type="DV", rejected=True, latches=frozenset({Latch.JUVENILE})))

    assert merged.facts.incident_type is None
    assert {item.code for item in merged.evidence} == {"DV"}
    assert merged.holds(Latch.JUVENILE)


def test_what_snapshots_repeat_was_so_since_it_was_first_told():
    told = [update(after(n), f"u{n}", dispositions=("HAN",)) for n in (1, 5, 9)]

    assert incident(*told).told_since("dispositions") == after(1)
    assert incident(*reversed(told)) == incident(*told)


def test_more_than_is_kept_of_anything_overfills_it_in_any_order():
    many = [update(after(n), incident_type=f"T{n}") for n in range(MOST_KEPT + 1)]

    assert not incident(*many[:-1]).overfull
    assert incident(*many).overfull
    assert len(incident(*many).evidence) == MOST_KEPT
    assert incident(*reversed(many)) == incident(*many)


def test_more_parties_than_are_kept_leave_the_same_ones_in_any_order():
    many = [update(after(n), f"u{n}", parties={f"{n:03}": caller()}) for n in range(MOST_PARTIES_KEPT + 5)]

    assert len(incident(*many).parties) == MOST_PARTIES_KEPT
    assert incident(*reversed(many)) == incident(*many)


def test_the_same_word_under_another_id_is_no_news():
    first, again = update(NOW, "a", priority="3"), update(NOW, "b", priority="3")
    known = incident(first)

    assert known.knows_no_less_than(known.merge(again))
    assert known.knows_no_less_than(known.merge(update(NOW - timedelta(hours=1), "old", priority="1")))


@pytest.mark.parametrize("facts", [{"priority": "3"}, {"beat": "612"}, {"parties": {"1": caller()}}])
def test_a_later_word_is_news_even_if_it_says_the_same(facts):
    known = incident(update(NOW, "a", **facts))
    with_more = known.merge(update(after(2), "z", shift="C"))

    assert not known.knows_no_less_than(known.merge(update(after(1), "b", **facts)))
    assert not with_more.knows_no_less_than(with_more.merge(update(after(1), "b", **facts)))
