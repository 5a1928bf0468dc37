from chalicelib.domain.incidents.holding import held, lifted
from chalicelib.domain.incidents.legal_hold import LegalHold
from chalicelib.domain.names import Kind
from chalicelib.flow.incidents.decide import decide_anew
from tests.factories import NOW, PHONE, after, call, update
from tests.flow.city import City

HOLD = LegalHold(author="C. Clerk", reason="subpoena 26-1", at=NOW)


def kept(city):
    rows = city.ports.incidents.load(city.row(Kind.ACKNOWLEDGMENT).key.incident).rows
    return {row.keep_until for row in rows.values()}


def test_what_is_there_and_what_comes_later_never_expires_under_a_hold():
    city = City()
    city.tell(call())
    city.run_until(after(5))
    record = city.ports.incidents.load(city.row(Kind.ACKNOWLEDGMENT).key.incident)
    assert None not in kept(city)

    decide_anew(record, held(record.incident, "incident", HOLD), city.agency, city.ports, after(5))
    city.tell(update(after(40), "u2", arrived_at=after(39), closed_at=after(40), dispositions=("HAN",)))
    city.run_until(None)

    assert kept(city) == {None}
    assert city.row(Kind.OUTCOME) is not None

    record = city.ports.incidents.load(record.incident.key)
    decide_anew(record, lifted(record.incident, "incident"), city.agency, city.ports, after(60))
    assert kept(city) == {after(60) + city.agency.retention.incidents}


def test_a_person_under_hold_is_known_on_their_next_incident():
    city = City()
    city.ports.settings.under_hold = {city.ports.contacts.reference(PHONE).keyed_hash: HOLD}

    city.tell(call())
    city.run_until(None)

    assert kept(city) == {None}
    assert city.ports.incidents.load(city.row(Kind.ACKNOWLEDGMENT).key.incident).incident.legal_holds
