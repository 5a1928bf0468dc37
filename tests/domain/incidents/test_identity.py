"""Names and their places: no two names share one, the order of words does not matter, and two calls stay two."""

from datetime import timedelta
from itertools import permutations

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.incidents.facts import Name
from chalicelib.domain.incidents.identity import MOST_NAMES, shown_number
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.places import (
    LONGEST,
    behind,
    in_period,
    is_number,
    period,
    period_before,
    place_of_id,
    place_of_number,
    places_of_number,
)
from chalicelib.domain.incidents.resolve import APART, OVER, choose, one_call
from chalicelib.domain.names import Kind, NotificationKey, recipient_name
from chalicelib.domain.settings.identity import IdentityRules
from tests.factories import NOW, after, agency, call, incident, update

ZONE = agency().zone
RESTARTS = ("yearly", "monthly", "daily")
names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64)
awkward = st.one_of(names, names.map("id:{}".format), names.map("number:{}".format), names.map("{}~2026".format))
instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))


@given(number=awkward.map(lambda text: text[:40]), own_id=ids)
def test_no_number_has_the_place_of_an_id(number, own_id):
    assert place_of_number(number) != place_of_id(own_id)


@given(one=awkward.map(lambda text: text[:40]), other=awkward.map(lambda text: text[:40]))
def test_two_numbers_have_two_places(one, other):
    assume(one != other)

    assert place_of_number(one) != place_of_number(other)
    assert behind(place_of_number(one), "2026") != place_of_number(other)


@given(one=ids, other=ids)
def test_two_ids_have_two_places(one, other):
    assume(one != other)

    assert place_of_id(one) != place_of_id(other)


@given(number=awkward.map(lambda text: text[:40]), own_id=ids, at=instants, restart=st.sampled_from(RESTARTS))
def test_every_place_is_a_key_that_the_release_before_reads(number, own_id, at, restart):
    rules = IdentityRules(numbers_restart=restart, spelling="loose")
    for place in (place_of_id(own_id), *places_of_number(number, at, at, rules, ZONE)):
        key = NotificationKey("springfield", place, Kind.DELAY, recipient_name("1", place))

        assert len(place) <= LONGEST
        assert msgspec.convert(place, Name) == place
        assert NotificationKey.from_id(key.id) == key


@given(number=names)
def test_a_usual_number_is_its_own_place(number):
    assume("~" not in number and not number.startswith(("id:", "number:")))

    assert place_of_number(number) == number
    assert places_of_number(number, None, NOW, IdentityRules(), ZONE) == (number,)
    assert is_number(number)


@pytest.mark.parametrize("restart", RESTARTS)
@given(at=instants)
def test_the_period_before_is_the_last_other_one(restart, at):
    rules = IdentityRules(numbers_restart=restart)
    days = (at - timedelta(hours=12 * each) for each in range(1, 800))

    assert period_before(at, rules, ZONE) == next(
        each for each in (period(day, rules, ZONE) for day in days) if each != period(at, rules, ZONE)
    )


@given(st.permutations(range(4)))
def test_the_number_that_people_read_is_that_of_the_latest_word(order):
    told = [
        update(after(minute), f"u{minute}", incident_number=number, incident_id="50-1")
        for minute, number in enumerate(("F26-1", "P26-1", "", "P26-1"))
    ]
    found = incident(*(told[place] for place in order), number="id:50-1")

    assert shown_number(found) == "P26-1"
    assert found.identity.numbers == {"F26-1", "P26-1"}
    assert found.identity.ids == {"50-1": "cad"}


def test_a_number_is_shown_as_every_field_is_and_null_takes_none_back():
    words = [
        update(after(1), "a", incident_number="P26-1", incident_id="x"),
        update(after(2), "b", incident_number="", incident_id="x"),
        update(after(3), "c", incident_number="R-1", incident_id="x", source="rms"),
    ]
    for order in permutations(words):
        assert shown_number(incident(*order, number="id:x")) == "P26-1"


def test_a_sender_of_numbers_alone_has_nothing_to_remember():
    assert incident(call(), update(after(1), "b")).identity == Incident(agency_id="s", incident_number="P").identity


def test_more_names_than_any_call_has_are_cut_and_nobody_is_told():
    many = [update(after(each), f"u{each}", incident_number=f"N{each}", incident_id="x") for each in range(40)]
    found = incident(*many, number="id:x")

    assert found.overfull
    assert len(found.identity.numbers) == MOST_NAMES


@given(hours=st.integers(-100, 100), source=st.sampled_from(["cad", "rms"]))
def test_two_times_of_receipt_are_one_call_within_the_documented_limits(hours, source):
    known = incident(call())
    told = update(NOW, "u", source=source, received_at=NOW + timedelta(hours=hours))
    limit = APART if source == "cad" else OVER["rms"]

    assert one_call(told, known, IdentityRules(), ZONE) == (abs(timedelta(hours=hours)) <= limit)


@given(days=st.integers(0, 200), source=st.sampled_from(["cad", "rms"]))
def test_a_word_without_a_time_belongs_to_a_call_for_the_documented_time(days, source):
    known = incident(call(), update(after(60), "over", closed_at=after(60)))
    told = update(after(60) + timedelta(days=days), "u", source=source)

    assert one_call(told, known, IdentityRules(), ZONE) == (timedelta(days=days) <= OVER[source])


@given(as_of=instants)
def test_a_word_with_an_old_stamp_holds_for_the_only_call_of_its_number(as_of):
    known = incident(call(), update(after(60), "over", closed_at=after(60)))

    assert choose(update(as_of, "u"), (known,), IdentityRules(), ZONE).incident == known


@given(source=st.sampled_from(["cad", "rms"]))
def test_an_id_decides_before_everything_else(source):
    known = incident(call(incident_id="x"), number="P26-1")
    told = update(NOW + timedelta(days=900), "u", incident_number="other", incident_id="x", source=source)

    assert choose(told, (known,), IdentityRules(), ZONE).incident == known


def test_another_id_of_dispatch_is_another_call_and_one_of_records_is_not():
    known = incident(call(incident_id="x"), number="P26-1")
    chosen = [
        choose(update(after(1), "u", incident_id="y", source=source), (known,), IdentityRules(), ZONE).incident
        for source in ("cad", "rms")
    ]

    assert chosen == [None, known]


@pytest.mark.parametrize("written", ["P26-0001", "p26-0001", "P26 0001", "P260001"])
def test_loose_spellings_have_one_place(written):
    loose, exact = IdentityRules(spelling="loose"), IdentityRules()

    assert in_period(written, "", loose) == "p260001"
    assert in_period(written, "", exact) == written


def test_a_scheduled_call_that_is_received_anew_at_its_time_is_the_same_call():
    later = NOW + timedelta(days=3)
    known = incident(call(scheduled_for=later))

    assert one_call(update(later, "u", received_at=later), known, IdentityRules(), ZONE)
    assert not one_call(update(later, "u", received_at=later + timedelta(days=2)), known, IdentityRules(), ZONE)
