"""One call under several names: its id, a number that comes late or changes, and numbers that are used again."""

from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.holding import held
from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.incidents.leading import Name
from chalicelib.domain.incidents.legal_hold import ITSELF, LegalHold
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.incidents.decide import decide_anew
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, update
from tests.flow.city import City

FIRE, POLICE, ID = "F26-0077", "P26-0501", "50-1"
YEAR = timedelta(days=362)


def city(*updates, **rules):
    """Return a city that was told each update at its own time or when the one before was told."""
    found = City(agency(identity=IdentityRules(**rules)))
    for order, each in enumerate(updates):
        found.tell(each, at=max(found.now, each.as_of), source=f"wh{order}")
    found.run_until(None)
    return found


def telling(found):
    """Return the incidents that speak for themselves."""
    return [record.incident for record in found.records() if record.incident.leads]


def acknowledged(found, phone=PHONE):
    return sum("we have your call" in text for text in found.texts(phone))


def delayed(found, phone=PHONE):
    return sum("delayed" in text for text in found.texts(phone))


def opened(number="", incident_id="", at=NOW, phone=PHONE, **more):
    names = {"incident_number": number, "incident_id": incident_id}
    return call(parties={"1": caller(phone)}, at=at, **names, **more)


def said(minutes, number="", incident_id="", **more):
    return update(after(minutes), f"at {minutes}", incident_number=number, incident_id=incident_id, **more)


NEW_WORLD = (
    opened(FIRE, ID),
    said(10, POLICE, ID, arrived_at=after(10)),
    said(20, POLICE, ID, closed_at=after(20), dispositions=("HAN",)),
)
INFORM = (
    opened("", ID),
    said(1, POLICE, ID, dispatched_at=after(1)),
    said(10, POLICE, ID, arrived_at=after(10)),
)


@pytest.mark.parametrize("story", [NEW_WORLD, INFORM], ids=["New World", "Inform"])
def test_a_number_that_comes_late_or_changes_makes_no_second_call(story):
    found = city(*story)

    assert len(telling(found)) == 1
    assert acknowledged(found) == 1
    assert delayed(found) == 0
    assert shown_number(telling(found)[0]) == POLICE


@pytest.mark.parametrize("story", [NEW_WORLD, INFORM], ids=["New World", "Inform"])
def test_the_order_of_names_does_not_matter(story):
    for order in permutations(story):
        found = City(agency(identity=IdentityRules()))
        for place, each in enumerate(order):
            found.tell(each, at=after(21), source=f"wh{place}")
        found.run_until(None)

        assert len(telling(found)) == 1
        assert telling(found)[0].facts.arrived_at == after(10)
        assert shown_number(telling(found)[0]) == POLICE


def test_a_number_alone_leads_to_the_call_that_has_it():
    found = city(opened("", ID), said(1, POLICE, ID), said(10, POLICE, arrived_at=after(10)))

    assert [one.facts.arrived_at for one in telling(found)] == [after(10)]
    assert delayed(found) == 0


def test_where_ids_always_come_a_number_alone_waits_and_its_latches_hold():
    found = city(opened(POLICE), said(1, POLICE, latches=frozenset({Latch.DO_NOT_CONTACT})), cad="always")

    waiting = telling(found)[0]
    assert found.texts() == []
    assert waiting.holds(Latch.DO_NOT_CONTACT)


def test_what_waits_is_told_of_when_its_id_comes():
    found = city(opened(POLICE), said(1, POLICE, ID), cad="always")

    assert len(telling(found)) == 1
    assert acknowledged(found) == 1


def test_what_waits_says_so():
    found = city(opened(POLICE), cad="always")
    record = found.ports.incidents.load(telling(found)[0].key)

    assert {item.reason for item in record.skipped} == {Reason.WAITS_FOR_ID}


@pytest.mark.parametrize("first", [0, 1])
def test_an_update_with_the_id_of_one_and_the_number_of_another_makes_them_one(first):
    two = [opened("", ID), opened(POLICE, at=after(1), arrived_at=after(2))]
    found = city(two[first], two[1 - first], said(3, POLICE, ID))

    assert len(telling(found)) == 1
    assert telling(found)[0].facts.arrived_at == after(2)
    assert delayed(found) == 0


@pytest.mark.parametrize("names", [{"number": POLICE}, {"incident_id": ID}])
def test_later_updates_by_either_name_reach_the_older(names):
    arrival = said(5, **names, arrived_at=after(5))
    found = city(opened("", ID), opened(POLICE, at=after(1)), said(3, POLICE, ID), arrival)

    assert [one.facts.arrived_at for one in telling(found)] == [after(5)]
    assert delayed(found) == 0
    assert acknowledged(found) <= 2


def test_no_feed_takes_a_proven_link_back():
    found = city(
        opened("", ID), opened(POLICE, at=after(1)), said(3, POLICE, ID), said(4, POLICE, linked_to=None), said(5, ID)
    )

    assert len([one for one in telling(found) if one.facts.incident_type]) == 1


def test_a_number_of_last_year_is_another_call():
    old = opened("0001234", at=NOW - YEAR)
    closed = update(NOW - YEAR + timedelta(hours=1), "old", incident_number="0001234", closed_at=NOW - YEAR)
    found = city(
        old,
        closed,
        opened("0001234", phone=OTHER_PHONE),
        said(20, "0001234", closed_at=after(20), dispositions=("HAN",)),
    )

    assert len(telling(found)) == 2
    assert acknowledged(found, OTHER_PHONE) == 1
    assert not [text for text in found.texts(PHONE) if "handled" in text]


def test_two_calls_of_one_number_stay_apart_by_their_ids():
    found = city(opened("239", "a"), opened("239", "b", at=after(5), phone=OTHER_PHONE))

    assert len(telling(found)) == 2
    assert acknowledged(found, PHONE) == acknowledged(found, OTHER_PHONE) == 1


@pytest.mark.parametrize(("days", "restart"), [(1, "daily"), (31, "monthly"), (366, "yearly")])
def test_numbers_begin_anew_as_the_settings_say(days, restart):
    found = city(
        opened("239", at=NOW - timedelta(days=days)), opened("239", phone=OTHER_PHONE), numbers_restart=restart
    )

    assert len(telling(found)) == 2
    assert {shown_number(one) for one in telling(found)} == {"239"}


def test_an_update_of_january_reaches_the_call_of_december():
    new_year = NOW.replace(year=2027, month=1, day=1, hour=7, minute=0)
    found = city(
        opened("P-9", at=new_year - timedelta(minutes=20)),
        update(new_year + timedelta(minutes=5), "arrived", incident_number="P-9", arrived_at=new_year),
        numbers_restart="yearly",
    )

    assert [one.facts.arrived_at for one in telling(found)] == [new_year]


@pytest.mark.parametrize(("spelling", "calls"), [("exact", 3), ("loose", 1)])
def test_the_spelling_of_a_number_is_the_agencys_rule(spelling, calls):
    found = city(opened("P26-0001"), opened("p26-0001"), opened("P26 0001"), spelling=spelling)

    assert len(telling(found)) == calls


@pytest.mark.parametrize("names", [(f"id:{ID}", ID), (FIRE, ""), (POLICE, ""), (POLICE, ID)])
def test_a_link_names_a_call_by_any_of_its_names(names):
    link = Link(names[0], "duplicate_of", names[1])
    found = city(opened(FIRE, ID), said(1, POLICE, ID), opened("P26-9", at=after(2), phone=OTHER_PHONE, linked_to=link))

    assert len(telling(found)) == 1
    assert found.ports.incidents.load(IncidentKey("springfield", "P26-9")).incident.same_as == FIRE


def test_a_call_that_ended_long_ago_hears_nothing_of_a_word_without_a_time():
    found = City(agency())
    began = NOW - YEAR
    found.tell(opened("0001234", at=began), at=began)
    over = began + timedelta(hours=1)
    found.tell(update(over, "over", incident_number="0001234", closed_at=over, dispositions=("GOA",)))
    found.run_until(None)
    told = len(found.texts())
    found.tell(update(NOW, "new", incident_number="0001234", case_numbers=("26-1",), dispositions=("HAN",)))
    found.run_until(None)

    assert len(telling(found)) == 2
    assert len(found.texts()) == told


def test_two_webhooks_at_once_are_one_call_from_the_next_word_on():
    found = City(agency(identity=IdentityRules()))
    found.tell(opened("", ID))
    found.tell(opened(POLICE, at=after(0.1)))
    # As if the number had been written to the id's call while the other one was begun.
    key = IncidentKey("springfield", f"id:{ID}")
    record = found.ports.incidents.load(key)
    name = Name(place=POLICE, version=None)
    decide_anew(
        record, record.incident.merge(said(0.2, POLICE, ID)), found.agency, found.ports, found.now, names=(name,)
    )
    found.tell(said(5, POLICE, arrived_at=after(5)), source="arrived")
    found.run_until(None)

    assert [one.facts.arrived_at for one in telling(found)] == [after(5)]
    assert delayed(found) == 0


@pytest.mark.parametrize("restart", ["never", "daily"])
def test_a_records_system_that_may_mean_several_calls_waits(restart):
    found = City(agency(identity=IdentityRules(numbers_restart=restart)))
    found.tell(opened("239", "a", at=NOW - timedelta(days=1)), at=NOW - timedelta(days=1))
    found.tell(opened("239", "b", phone=OTHER_PHONE))
    found.tell(said(5, "239", case_numbers=("26-1",), source="rms"), source="rms")
    found.tell(said(6, "239", case_numbers=("26-1",), source="rms"), source="rms again")
    found.run_until(None)

    waiting = [one for one in telling(found) if one.identity.unclear]
    assert [one.facts.case_numbers for one in waiting] == [("26-1",)]
    assert not [one for one in telling(found) if one.facts.case_numbers and not one.identity.unclear]


FORBIDS = {
    "do_not_contact": {"latches": frozenset({Latch.DO_NOT_CONTACT})},
    "juvenile": {"latches": frozenset({Latch.JUVENILE})},
    "a word": {"incident_type_description": "domestic violence"},
    "a disposition": {"dispositions": ("SUICIDE ATTEMPT",)},
    "somebody without a phone": {"parties": {"9": {"role": "victim"}}, "unsafe_parties": frozenset({"9"})},
    "a rejected update": {"latches": frozenset({Latch.DO_NOT_CONTACT}), "rejected": True},
}


def two_of_one_number(restart):
    """Return a city in which yesterday's call and today's have one number, and a third call has another."""
    found = City(agency(identity=IdentityRules(numbers_restart=restart)))
    yesterday = NOW - timedelta(days=1)
    found.tell(opened("239", "a", at=yesterday), at=yesterday)
    found.tell(opened("240", "c", phone="+13035550188"))
    found.tell(opened("239", "b", phone=OTHER_PHONE))
    return found


@pytest.mark.parametrize("restart", ["never", "daily"])
@pytest.mark.parametrize("what", FORBIDS)
def test_what_forbids_texts_holds_in_each_call_that_a_records_system_may_mean(what, restart):
    """Found: it held in none of them."""
    found = two_of_one_number(restart)
    found.run_until(after(4))
    before = len(found.texts(PHONE)), len(found.texts(OTHER_PHONE))
    found.tell(said(5, "239", source="rms", **FORBIDS[what]), source="rms")
    for number, own in (("239", "b"), ("240", "c")):
        ends = said(30, number, own, arrived_at=after(6), closed_at=after(30), dispositions=("HAN",))
        found.tell(ends, source=f"closed {own}", at=after(30))
    found.run_until(None)

    assert (len(found.texts(PHONE)), len(found.texts(OTHER_PHONE))) == before
    assert len(found.texts("+13035550188")) > 1
    known = [one for one in telling(found) if not one.identity.unclear]
    assert [one for one in known if one.facts.dispositions == ("SUICIDE ATTEMPT",)] == []


def test_it_holds_in_a_call_of_which_is_told_only_later():
    found = City(agency(identity=IdentityRules(numbers_restart="daily")))
    found.tell(said(0, "239", source="rms", latches=frozenset({Latch.DO_NOT_CONTACT})), source="rms")
    found.tell(opened("239", "b", at=after(1)), at=after(1))
    found.tell(opened("240", "c", at=after(1), phone=OTHER_PHONE), at=after(1))
    found.run_until(None)

    assert found.texts(PHONE) == []
    assert acknowledged(found, OTHER_PHONE) == 1


def test_a_records_system_that_says_which_call_it_means_holds_no_other():
    found = two_of_one_number("daily")
    forbids = {"latches": frozenset({Latch.DO_NOT_CONTACT}), "received_at": NOW - timedelta(days=1)}
    found.tell(said(5, "239", source="rms", **forbids), source="rms")

    assert sorted(one.holds(Latch.DO_NOT_CONTACT) for one in telling(found)) == [False, False, True]


def test_a_webhook_that_is_sent_again_holds_though_its_own_words_are_known():
    found = two_of_one_number("daily")
    update_ = said(5, "239", source="rms", latches=frozenset({Latch.DO_NOT_CONTACT}))
    found.tell(update_, source="rms")
    stored = repr(found.records())
    found.tell(update_, source="rms")

    assert repr(found.records()) == stored


def test_names_last_as_long_as_their_call_and_for_good_under_a_hold():
    found = City(agency(identity=IdentityRules()))
    found.tell(opened(FIRE, ID))
    place = IncidentKey("springfield", f"id:{ID}")
    ends = found.ports.incidents.load(place).named[FIRE]
    record = found.ports.incidents.load(IncidentKey("springfield", FIRE))
    hold = LegalHold(author="R. Lead", reason="a court asks", at=NOW)
    decide_anew(record, held(record.incident, ITSELF, hold), found.agency, found.ports, found.now)

    assert ends is not None
    assert ends >= NOW + found.agency.retention.incidents
    assert found.ports.incidents.load(place).named[FIRE] is None


@pytest.mark.parametrize(("late", "read"), [(POLICE, POLICE), ("", "")])
def test_texts_and_the_survey_have_the_number_that_people_read(late, read):
    found = City(agency(identity=IdentityRules()))
    found.tell(opened("", ID, incident_type="ALL"))
    found.run_until(after(2))
    found.tell(said(5, late, ID, arrived_at=after(5)))
    found.tell(said(60, late, ID, closed_at=after(60), dispositions=("HAN",)))
    found.run_until(None)

    first, *others = found.texts()
    asked = next(record for record in found.records()).incident.key
    row = found.row(Kind.SURVEY, number=asked.incident_number)
    survey = found.ports.surveys.load(token_hash(survey_token(found.ports.survey_secret, row.key)))
    assert "your call of 11:00 am" in first
    assert [f"call {read}" in text if read else "call of 11:00 am" in text for text in others] == [True, True]
    assert Page(standing="open", language="en", agency=found.agency, survey=survey).incident_number == read
