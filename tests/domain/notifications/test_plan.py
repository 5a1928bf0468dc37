from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.plan import Planned, Skipped, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, incident, update
from tests.strategies import updates


def planned(merged, rules=None):
    """Return what is planned, by kind and recipient."""
    decisions = plan(merged, rules or agency())
    return {
        (item.key.kind, item.key.recipient, item.key.ordinal): item for item in decisions if isinstance(item, Planned)
    }


def reasons(merged, kind, rules=None):
    """Return why a kind is skipped, by recipient."""
    decisions = plan(merged, rules or agency())
    return {item.recipient: item.reason for item in decisions if isinstance(item, Skipped) and item.kind is kind}


def closing(at=None, disposition="HAN", **more):
    return update(at or after(60), "closing", closed_at=at or after(60), dispositions=(disposition,), **more)


@given(st.lists(updates, max_size=5))
def test_every_kind_is_planned_or_skipped_with_a_reason(told):
    decisions = plan(incident(*told), agency())

    decided = [item.key.kind if isinstance(item, Planned) else item.kind for item in decisions]
    assert set(decided) == set(Kind)
    assert all(item.reason for item in decisions if isinstance(item, Skipped))


@given(st.lists(updates, max_size=5))
def test_nobody_is_planned_the_same_kind_twice(told):
    found = [item for item in plan(incident(*told), agency()) if isinstance(item, Planned)]

    assert len({item.key for item in found}) == len(found)
    assert len({(item.key.kind, item.key.ordinal, item.address) for item in found}) == len(found)


class TestTimes:
    def test_an_acknowledgment_waits_for_the_hold_and_lives_15_minutes(self):
        item = planned(incident(call()))[Kind.ACKNOWLEDGMENT, "1", 0]

        assert (item.send_at, item.expires_at) == (after(1), after(15))

    def test_a_delay_notice_is_due_30_minutes_after_the_call_and_lives_30(self):
        item = planned(incident(call()))[Kind.DELAY, "1", 0]

        assert (item.send_at, item.expires_at) == (after(30), after(60))

    def test_a_list_of_thresholds_repeats_the_notice(self):
        rules = agency(delay=agency().delay.__class__(after=(Duration(minutes=20), Duration(minutes=50))))

        found = planned(incident(call()), rules)

        assert [found[Kind.DELAY, "1", n].send_at for n in (0, 1)] == [after(20), after(50)]

    def test_the_anchor_may_be_the_queue(self):
        rules = agency(delay=agency().delay.__class__(anchor="queued_at"))

        assert planned(incident(call(queued_at=after(5))), rules)[Kind.DELAY, "1", 0].send_at == after(35)
        assert reasons(incident(call()), Kind.DELAY, rules) == {"1": Reason.NOT_YET}

    def test_an_outcome_is_due_when_it_is_known_and_lives_4_hours_after_closing(self):
        item = planned(incident(call(), closing()))[Kind.OUTCOME, "1", 0]

        assert (item.send_at, item.expires_at, item.variant) == (after(60), after(60 + 240), "handled")

    def test_a_survey_waits_18_hours_and_then_for_an_hour_in_which_it_may_go(self):
        merged = incident(call(), update(after(30), "x", arrived_at=after(30)), closing())
        # 18 hours after 12:00 in Denver is 6:00; surveys go from 8:00.
        item = planned(merged)[Kind.SURVEY, "1", 0]

        assert item.send_at == NOW + timedelta(hours=21)
        assert item.expires_at == after(60) + timedelta(hours=18, days=7)

    def test_a_case_number_is_counted_from_the_incident_so_that_an_archive_texts_nobody(self):
        old = NOW - timedelta(days=400)
        merged = incident(call("THEFT", at=old), update(NOW, "archive", case_numbers=("26-1",)))

        assert reasons(merged, Kind.CASE_NUMBER) == {"1": Reason.EXPIRED}

    def test_a_dispatch_is_told_where_it_is_asked_for(self):
        merged = incident(call("ALL"), update(after(3), "d", dispatched_at=after(3), enroute_at=after(4)))

        assert planned(merged)[Kind.DISPATCHED, "1", 0].send_at == after(3)

    def test_what_could_go_only_after_it_is_stale_is_skipped_for_quiet_hours(self):
        night = NOW + timedelta(hours=10)  # 21:00 in Denver
        merged = incident(call(at=night), closing(night + timedelta(minutes=9)))

        assert reasons(merged, Kind.OUTCOME) == {"1": Reason.QUIET_HOURS}


class TestDelay:
    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            ({"arrived_at": after(9)}, Reason.ARRIVED),
            ({"cancelled_at": after(9)}, Reason.CANCELLED),
            ({"closed_at": after(9)}, Reason.CLOSED),
            ({"scheduled_for": after(500)}, Reason.SCHEDULED),
            ({"response_mode": "phone"}, Reason.NOT_IN_PERSON),
        ],
    )
    def test_nobody_waits_for_an_officer_any_more(self, told, reason):
        merged = incident(call(), update(after(9), "later", **told))

        assert reasons(merged, Kind.DELAY) == {"1": reason}

    def test_a_transferred_call_is_the_other_agencys(self):
        merged = incident(call(), update(after(9), "later", transferred_to="county-so"))

        assert {reasons(merged, kind)[""] for kind in Kind} == {Reason.TRANSFERRED}

    def test_an_arrival_that_is_taken_back_brings_the_notice_back(self):
        merged = incident(call(), update(after(9), "a", arrived_at=after(9)), update(after(10), "b", arrived_at=None))

        assert planned(merged)[Kind.DELAY, "1", 0].send_at == after(30)

    def test_a_unit_that_was_diverted_is_not_on_its_way(self):
        gone = update(after(5), "d", dispatched_at=after(3), diverted_at=after(5))

        assert reasons(incident(call("ALL"), gone), Kind.DISPATCHED) == {"1": Reason.DIVERTED}


class TestOutcome:
    @pytest.mark.parametrize(
        ("codes", "variant"),
        [
            (("GOA",), "unable_to_locate"),
            (("BOL",), "lookout"),
            (("CAN",), "cancelled"),
            (("HAN", "RPT"), "report_taken"),
            (("GOA", "HAN"), "handled"),
            (("???", "GOA"), "unable_to_locate"),
        ],
    )
    def test_of_several_dispositions_the_one_that_says_most_counts(self, codes, variant):
        merged = incident(call(), update(after(60), "c", closed_at=after(60), dispositions=codes))

        assert planned(merged)[Kind.OUTCOME, "1", 0].variant == variant

    def test_a_disposition_that_nobody_mapped_says_nothing(self):
        assert reasons(incident(call(), closing(disposition="???")), Kind.OUTCOME) == {"1": Reason.UNMAPPED_DISPOSITION}

    def test_who_saw_no_officer_is_not_asked_how_it_went(self):
        assert reasons(incident(call(), closing()), Kind.SURVEY) == {"1": Reason.NO_ARRIVAL}

    def test_an_outcome_that_is_not_surveyed_is_not(self):
        merged = incident(call(), update(after(9), "a", arrived_at=after(9)), closing(disposition="GOA"))

        assert reasons(merged, Kind.SURVEY) == {"1": Reason.OUTCOME_NOT_SURVEYED}


class TestFloor:
    @pytest.mark.parametrize(
        "told",
        [
            {"incident_type": "DV"},
            {"incident_type_description": "Dispute, domestic"},
            {"type_modifier": "weapon seen"},
            {"initial_type": "SUICIDAL PERSON"},
            {"offenses": ("13B",)},
        ],
    )
    def test_a_sensitive_word_at_any_time_silences_the_incident_for_good(self, told):
        merged = incident(call(), update(after(1), "bad", **told), update(after(2), "good", incident_type="NOISE"))

        assert {reasons(merged, kind)[""] for kind in Kind} == {Reason.SENSITIVE}

    def test_an_override_excuses_the_words_of_its_own_type_only(self):
        rules = agency()
        shots = rules.incident_types[0].__class__(codes=("FW",), description="Fireworks", override_sensitive=True)
        rules = agency(incident_types=(*rules.incident_types, shots))
        heard = call("FW", incident_type_description="Fireworks or shots")

        assert planned(incident(heard), rules)
        assert not planned(incident(heard, update(after(1), "x", type_modifier="gun")), rules)

    @pytest.mark.parametrize("latch", list(Latch))
    def test_a_latch_silences_the_incident(self, latch):
        assert not planned(incident(call(), update(after(1), "x", latches=frozenset({latch}))))

    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            ({"incident_type": "UNHEARD-OF"}, Reason.TYPE_NOT_ALLOWED),
            ({"incident_type": None}, Reason.TYPE_UNKNOWN),
            ({"exercise": True}, Reason.EXERCISE),
            ({"origin": "officer_initiated"}, Reason.OFFICER_INITIATED),
        ],
    )
    def test_an_incident_that_is_none_of_the_publics_sends_nothing(self, told, reason):
        merged = incident(call(), update(after(1), "x", **told))

        assert {reasons(merged, kind)[""] for kind in Kind} == {reason}

    @pytest.mark.parametrize(
        "told",
        [
            {"type_modifier": "IN PROGRESS"},
            {"incident_type_description": "crash with injuries"},
            {"initial_type": "911 HANG UP"},
            {"incident_type_description": "medical"},
            {"priority": "1"},
        ],
    )
    def test_nothing_is_said_before_closing_where_it_could_do_harm(self, told):
        open_call = incident(call(**told))
        closed = open_call.merge(closing())

        assert not planned(open_call)
        assert set(planned(closed)) == {(Kind.OUTCOME, "1", 0)}
        assert reasons(closed, Kind.DELAY) == {"": Reason.AFTER_CLOSE_ONLY}

    def test_a_crash_without_injuries_is_not_one_with(self):
        assert planned(incident(call(incident_type_description="MVC - NON INJURY, BLOCKING")))

    def test_welfare_is_never_told_how_it_ended(self):
        merged = incident(call("WELFARE"), closing(case_numbers=("26-1",)))

        kinds = (Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY)
        assert {reasons(merged, kind)[""] for kind in kinds} == {Reason.WELFARE}


class TestRecipients:
    def test_a_text_goes_to_the_phone_and_an_email_to_who_has_none(self):
        people = {"1": caller(), "2": caller(None, email="b@people.example")}

        found = planned(incident(call(parties=people)))

        assert [(item.channel, item.address) for item in found.values() if item.key.kind is Kind.ACKNOWLEDGMENT] == [
            ("sms", PHONE),
            ("email", "b@people.example"),
        ]

    @pytest.mark.parametrize(
        ("party", "reason"),
        [
            (caller(role="witness"), Reason.WITNESS),
            (caller(contact_kind="hospital"), Reason.NOT_PERSONAL),
            (caller("+13035550150"), Reason.INSTITUTIONAL_NUMBER),
            (caller(None), Reason.NO_ADDRESS),
        ],
    )
    def test_who_is_not_told_and_why(self, party, reason):
        rules = agency(institutional_numbers=frozenset({"+13035550150"}))

        assert reasons(incident(call(parties={"1": party})), Kind.ACKNOWLEDGMENT, rules) == {"1": reason}

    def test_an_unsafe_phone_is_unsafe_whoever_else_has_it(self):
        unsafe = update(after(1), "x", parties={"2": caller()}, unsafe_parties=frozenset({"2"}))

        merged = incident(call(), unsafe)

        assert set(reasons(merged, Kind.ACKNOWLEDGMENT).values()) == {Reason.UNSAFE_TO_CONTACT}

    def test_two_who_share_any_address_are_one(self):
        people = {"1": caller(email="a@people.example"), "2": caller(None, email="a@people.example")}

        merged = incident(call(parties=people))

        assert (Kind.ACKNOWLEDGMENT, "2", 0) not in planned(merged)
        assert reasons(merged, Kind.ACKNOWLEDGMENT) == {"2": Reason.SAME_ADDRESS}

    def test_a_case_number_goes_to_victims(self):
        people = {"1": caller(), "2": caller(OTHER_PHONE, role="victim")}
        merged = incident(call(parties=people), update(after(60), "rms", case_numbers=("26-1",)))

        assert (Kind.CASE_NUMBER, "2", 0) in planned(merged)
        assert reasons(merged, Kind.CASE_NUMBER) == {"1": Reason.NOT_A_VICTIM}

    def test_a_case_number_goes_to_the_caller_of_a_listed_type(self):
        merged = incident(call("THEFT"), update(after(60), "rms", case_numbers=("26-1",)))

        assert (Kind.CASE_NUMBER, "1", 0) in planned(merged)

    def test_nobody_to_tell_is_a_reason(self):
        assert reasons(incident(call(parties={})), Kind.DELAY) == {"": Reason.NO_RECIPIENT}

    def test_at_most_ten_are_told(self):
        crowd = {f"{n:02}": caller(fictional_phone(n)) for n in range(12)}

        found = planned(incident(call(parties=crowd)), agency(mass_call=99))

        assert len([key for key in found if key[0] is Kind.ACKNOWLEDGMENT]) == 10
