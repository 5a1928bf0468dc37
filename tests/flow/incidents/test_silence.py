"""Silence and the unsafe word: once begun they end at their own end or by a release, and at nothing else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import ALSO_AT, Latch
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.phones import Phone, PhoneProblem
from chalicelib.domain.settings.incident_types import City as CityRules
from chalicelib.domain.settings.incident_types import IncidentType
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import release_hold
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, update
from tests.flow.city import City

LASTS = timedelta(days=90)
PAUSE = Pause(of="agency", author="a supervisor", reason="storm", at=NOW)


def silenced(world, phone=PHONE, agency_id="springfield"):
    return world.contacts.load(agency_id, phone, NOW.date()).silenced_until


def city(*updates, rules=None):
    found = City(rules)
    for each in updates:
        found.tell(each)
    return found


def let_go(found, what, number="P26-1", party="", at=None):
    release = Release(what=what, author="R. Lead", reason="mistyped", party_id=party, at=at or found.now)
    release_hold(IncidentKey("springfield", number), release, found.ports, at or found.now)


def next_call(found, minutes=60, number="P26-2", phone=PHONE):
    """Return the acknowledgment of another call by a phone, once it was due."""
    found.tell(call(parties={"1": caller(phone)}, incident_number=number, at=after(minutes)))
    found.run_until(after(minutes + 5))
    return found.row(Kind.ACKNOWLEDGMENT, number=number)


CROWDS = {
    "31 parties": lambda at: update(at, "crowd", {f"p{n}": caller(fictional_phone(n)) for n in range(31)}),
    "101 words": lambda at: update(at, "words", offenses=tuple(f"A{n:03}" for n in range(120))),
}


class TestItEndsByItself:
    @pytest.mark.parametrize("crowd", CROWDS.values(), ids=CROWDS)
    def test_too_much_to_judge_does_not_end_it(self, crowd):
        found = city(call(incident_type="SHOTS FIRED"), crowd(after(1)))

        assert found.ports.incidents.load(IncidentKey("springfield", "P26-1")).incident.overfull
        assert silenced(found.ports) == after(1) + LASTS

    def test_31_duplicates_do_not_end_it(self):
        found = city(call(incident_type="SHOTS FIRED"))
        for n in range(31):
            link = Link("P26-1", "duplicate_of")
            found.tell(
                update(after(1), f"{n}", {"1": caller(fictional_phone(n))}, incident_number=f"D{n}", linked_to=link)
            )

        assert silenced(found.ports) >= after(1) + LASTS

    def test_a_word_that_an_overfull_incident_has_no_room_for_silences_too(self):
        words = tuple(f"A{n:03}" for n in range(120))

        found = city(call(offenses=words, type_modifier="SUICIDE"))

        assert silenced(found.ports) == NOW + LASTS

    def test_people_of_whom_a_silencing_incident_tells_later_are_silenced(self):
        found = city(call(incident_type="SHOTS FIRED"), CROWDS["101 words"](after(1)))

        found.tell(update(after(2), "late", {"9": caller(OTHER_PHONE)}))

        assert silenced(found.ports, OTHER_PHONE) == after(2) + LASTS

    def test_other_settings_do_not_end_it(self):
        strict = agency(sensitive_types=frozenset({"NOISE"}))
        ports = MemoryPorts(strict, beating=True)
        ports.tell_time(NOW)
        receive_updates([call()], "a", strict, ports, NOW)

        receive_updates([update(after(1), "b", priority="3")], "b", agency(), ports, after(1))

        assert silenced(ports) == after(1) + LASTS

    def test_a_beat_in_a_city_that_excuses_the_type_does_not_end_it(self):
        excused = IncidentType(codes=("DV",), description="Dispute", override_sensitive=True)
        rules = agency(
            cities=(
                CityRules(
                    beats=("9*",), name="Shelbyville Police", short_name="Shelbyville PD", incident_types=(excused,)
                ),
            )
        )
        found = city(call(incident_type="DV"), rules=rules)

        found.tell(update(after(1), "beat", beat="91"))

        assert silenced(found.ports) == after(1) + LASTS

    def test_it_counts_from_when_we_heard(self):
        found = City()
        receive_updates([call("DV", at=NOW - timedelta(days=9000))], "old", found.agency, found.ports, NOW)

        assert silenced(found.ports) == NOW + LASTS


class TestARelease:
    def test_a_release_ends_the_silence_of_its_incident_alone(self):
        found = city(call(incident_type="DV"))
        found.tell(call(incident_type="DV", incident_number="P26-7", at=after(1)))

        let_go(found, "sensitive", at=after(2))

        assert silenced(found.ports) == after(1) + LASTS

    def test_a_word_that_is_said_again_after_another_holds_again(self):
        found = city(call(incident_type="NOISE", initial_type="SUICIDE"))
        let_go(found, "sensitive")
        assert silenced(found.ports) == NOW

        found.tell(update(after(3), "a", initial_type="NOISE"))
        assert silenced(found.ports) == NOW
        found.tell(update(after(4), "b", initial_type="SUICIDE"))

        assert silenced(found.ports) == after(4) + LASTS
        assert {item.reason for item in found.ports.incidents.load(IncidentKey("springfield", "P26-1")).skipped} == {
            Reason.SENSITIVE
        }

    def test_a_word_that_each_snapshot_repeats_is_no_new_word(self):
        found = city(call(type_modifier="BABY SUICIDE LANE"))
        let_go(found, "sensitive")

        for minute in range(1, 9):
            found.tell(update(after(minute), f"{minute}", incident_type="NOISE", type_modifier="BABY SUICIDE LANE"))

        assert silenced(found.ports) == NOW

    def test_a_word_that_was_taken_back_and_is_said_again_holds_again(self):
        found = city(call(type_modifier="SUICIDE"))
        let_go(found, "sensitive")

        found.tell(update(after(1), "a", type_modifier=None))
        found.tell(update(after(2), "b", type_modifier="SUICIDE"))

        assert silenced(found.ports) == after(2) + LASTS

    def test_a_new_duplicate_with_a_released_word_holds_again(self):
        found = city(call(type_modifier="SUICIDE"))
        let_go(found, "sensitive")

        link = Link("P26-1", "duplicate_of")
        found.tell(
            update(
                after(1), "d", {"1": caller(OTHER_PHONE)}, incident_number="D1", type_modifier="SUICIDE", linked_to=link
            )
        )

        assert silenced(found.ports) == after(1) + LASTS

    def test_releasing_a_juvenile_does_not_end_the_silence_of_a_sensitive_word(self):
        found = city(call(incident_type="DV", latches=frozenset({Latch.JUVENILE})))

        let_go(found, "juvenile", at=after(1))

        assert silenced(found.ports) == after(1) + LASTS


class TestThePerson:
    def test_somebody_unsafe_is_told_nothing_about_any_incident(self):
        found = city(call(unsafe_parties=frozenset({"1"})))

        row = next_call(found)

        assert (row.state, row.reason) == (State.SUPPRESSED, Reason.UNSAFE_TO_CONTACT)

    def test_a_release_lets_them_be_told_until_it_is_said_again(self):
        found = city(call(unsafe_parties=frozenset({"1"})))
        let_go(found, "unsafe", party="1")
        assert next_call(found).sent_at

        found.tell(
            update(NOW - LASTS, "old", {"1": caller()}, incident_number="P26-4", unsafe_parties=frozenset({"1"})),
            at=after(70),
        )

        assert next_call(found, 80, "P26-3").reason == Reason.UNSAFE_TO_CONTACT

    @pytest.mark.parametrize("told", [{"incident_type": "DV"}, {"unsafe_parties": frozenset({"1"})}])
    def test_every_number_that_can_be_read_is_reached(self, told):
        party = {"1": {ALSO_AT: (PHONE, OTHER_PHONE)}}

        found = city(call(parties=party, **told))

        assert next_call(found).reason in (Reason.SILENCED, Reason.UNSAFE_TO_CONTACT)
        assert next_call(found, 90, "P26-3", OTHER_PHONE).state is State.SUPPRESSED

    @pytest.mark.parametrize("grave", [{"type_modifier": "Domestic violence"}, {"unsafe_parties": frozenset({"1"})}])
    def test_a_number_that_can_only_be_read_keeps_their_email_silent_too(self, grave):
        found = city(update(NOW, "a", {"1": caller()}, **grave))
        desk = {"phone": Phone(problem=PhoneProblem.EXTENSION), "email": "pat@people.example", ALSO_AT: (PHONE,)}
        found.tell(call(parties={"1": desk}, incident_number="P26-2", at=after(60)))
        found.run_until(after(65))

        assert found.ports.email.outgoing == []

    def test_a_release_counts_although_the_clock_that_told_was_ahead(self):
        found = City()
        found.tell(update(after(4), "a", {"1": caller()}, unsafe_parties=frozenset({"1"})), at=NOW)
        let_go(found, "unsafe", party="1", at=after(1))

        assert next_call(found).state is State.DELIVERED

    def test_duplicates_of_an_incident_that_nobody_told_of_silence_each_others_callers(self):
        link = Link("P26-9", "duplicate_of")
        for order in ((1, 2), (2, 1)):
            told = {
                1: call(parties={"1": caller(PHONE)}, incident_number="A", linked_to=link),
                2: call(parties={"1": caller(OTHER_PHONE)}, incident_number="B", incident_type="DV", linked_to=link),
            }
            found = city(*(told[each] for each in order))

            assert silenced(found.ports, PHONE) == silenced(found.ports, OTHER_PHONE) == NOW + LASTS

    def test_the_rules_where_an_incident_is_decide_whether_it_silences_beside_the_others(self):
        """A city may have no reason for a word that the rest of the county excuses."""
        excused = IncidentType(codes=("DV",), description="Dispute", override_sensitive=True)
        noise = IncidentType(codes=("NOISE",), description="Noise")
        strict = CityRules(
            beats=("9*",), name="Shelbyville Police", short_name="Shelbyville PD", incident_types=(noise,)
        )
        link = Link("P26-9", "duplicate_of")
        other = call(parties={"1": caller(OTHER_PHONE)}, incident_number="A", incident_type="DV", linked_to=link)

        found = city(other, call(linked_to=link, beat="91"), rules=agency(cities=(strict,), incident_types=(excused,)))

        assert silenced(found.ports) == NOW + LASTS


class TestDecided:
    """Cases that the documents decide: docs/agency/notifications.md, "Silence"."""

    def test_a_juveniles_incident_silences_its_people(self):
        found = city(call(latches=frozenset({Latch.JUVENILE})))

        assert next_call(found).reason == Reason.SILENCED

    def test_do_not_contact_is_of_the_incident(self):
        found = city(call(latches=frozenset({Latch.DO_NOT_CONTACT})))

        assert next_call(found).sent_at

    def test_a_sensitive_disposition_silences(self):
        found = city(call(), update(after(10), "c", closed_at=after(10), dispositions=("DOMESTIC VIOLENCE RPT",)))

        assert silenced(found.ports) == after(10) + LASTS

    def test_a_number_among_dispositions_is_no_code_of_law(self):
        found = city(call(), update(after(10), "c", closed_at=after(10), dispositions=("646", "273.5")))

        assert silenced(found.ports) is None

    def test_a_related_incident_is_one_of_its_own_but_its_people_are_known(self):
        related = call(parties={"1": caller(OTHER_PHONE)}, incident_number="N", linked_to=Link("P26-1", "related"))

        found = city(call(incident_type="DV"), related)
        found.run_until(after(5))

        assert found.row(Kind.ACKNOWLEDGMENT, number="N").sent_at

    @pytest.mark.parametrize("number", ["p26-1", "P26 1"])
    def test_a_number_written_in_another_way_is_another_incident_of_the_same_people(self, number):
        found = city(call(incident_type="DV"))

        assert next_call(found, number=number).reason == Reason.SILENCED

    def test_an_agency_knows_nothing_of_anothers_silence(self):
        found = city(call(incident_type="DV"))

        assert silenced(found.ports, agency_id="shelbyville") is None


@given(
    st.lists(st.sampled_from(["NOISE", "SUICIDE", None]), max_size=6),
    st.lists(st.sampled_from(["NOISE", "SUICIDE", None]), min_size=1, max_size=6),
    st.randoms(),
)
def test_a_release_covers_a_word_until_it_comes_back_in_whatever_order_it_is_heard(before, later, rng):
    """A word comes back if it stands again after it had gone: the oracle replays the words in the order of time."""
    found = city(call(type_modifier="SUICIDE"))
    for minute, word in enumerate(before, start=1):
        found.tell(update(after(minute), f"b{minute}", type_modifier=word))
    let_go(found, "sensitive")
    standing = (["SUICIDE", *before])[-1]
    again = any(word == "SUICIDE" and last != "SUICIDE" for last, word in zip([standing, *later], later, strict=False))
    told = [update(after(20 + n), f"l{n}", type_modifier=word) for n, word in enumerate(later)]
    rng.shuffle(told)

    for each in told:
        found.tell(each, at=after(60))

    assert (silenced(found.ports) > after(60)) == again


def test_a_pause_between_the_last_look_and_the_call_holds_the_row_and_gives_the_claim_back():
    found = city(call())
    asked = []

    def conditions(agency_id, real=found.ports.settings.conditions):
        known = real(agency_id)
        asked.append(known)
        if len(asked) == 1:  # the supervisor's pause comes just after the first look
            found.ports.settings.pauses = (PAUSE,)
        return known

    found.ports.settings.conditions = conditions
    found.run_until(after(1))

    row = found.row(Kind.ACKNOWLEDGMENT)
    assert (found.texts(), row.state, row.reason) == ([], State.SCHEDULED, Reason.PAUSED)

    found.ports.settings.pauses = ()
    found.run_until(after(5))
    assert len(found.texts()) == 1


@pytest.mark.parametrize("told", [{"incident_type": "DV"}, {"unsafe_parties": frozenset({"1"})}])
def test_a_silence_between_the_last_look_and_the_claim_stops_the_text(told):
    found = city(call())
    real = found.ports.incidents.claim

    def claim(row, wanted):
        found.ports.incidents.claim = real
        other = call(parties={"1": caller()}, incident_number="P26-8", **told)
        receive_updates([replace(other, as_of=after(1))], "late", found.agency, found.ports, after(1))
        return real(row, wanted)

    found.ports.incidents.claim = claim
    found.run_until(after(2))

    assert found.texts() == []
    assert found.row(Kind.ACKNOWLEDGMENT).state is State.SUPPRESSED
