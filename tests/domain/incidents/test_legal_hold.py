"""A legal hold keeps until the last one who asked for it lifts it."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.incidents.holding import held, keep_until, lifted, with_persons_holds
from chalicelib.domain.incidents.legal_hold import ITSELF, LegalHold, of_incident
from tests.factories import NOW, OTHER_PHONE, PHONE, after, call, caller, incident, update

HOLD = LegalHold(author="C. Clerk", reason="subpoena 26-1", at=NOW)
NAMES = st.sampled_from([ITSELF, "hash-a", "hash-b"])
YEAR = timedelta(days=400)


@given(st.lists(st.tuples(st.booleans(), NAMES), max_size=12))
def test_nothing_expires_while_anybody_holds_it(steps):
    known, expected = incident(call()), set()
    for holds, name in steps:
        known = held(known, name, HOLD) if holds else lifted(known, name)
        expected = expected | {name} if holds else expected - {name}
        assert set(known.legal_holds) == expected
        assert keep_until(known, NOW, YEAR) == (None if expected else NOW + YEAR)


@given(NAMES)
def test_the_first_who_asked_stays_on_record(name):
    later = LegalHold(author="A. Other", reason="again", at=after(5))

    assert held(held(incident(call()), name, HOLD), name, later).legal_holds[name] == HOLD


def test_a_person_under_hold_holds_every_incident_that_names_them():
    ours = incident(call(parties={"1": caller(), "2": caller(OTHER_PHONE)}))

    def name(address):
        return f"hash of {address}"

    under = with_persons_holds(ours, {name(OTHER_PHONE): HOLD, name("+13035550188"): HOLD}, name)
    assert set(under.legal_holds) == {name(OTHER_PHONE)}
    assert with_persons_holds(under, {name(OTHER_PHONE): HOLD}, name) is under
    moved = under.merge(update(after(1), "u2", parties={"2": caller(PHONE)}))
    assert set(moved.legal_holds) == {name(OTHER_PHONE)}


def test_nobody_is_hashed_while_nobody_is_held():
    def never(address):
        raise AssertionError(address)

    ours = incident(call())
    assert with_persons_holds(ours, {}, never) is ours


def test_each_incidents_hold_has_a_name_of_its_own():
    assert of_incident("P26-1") != of_incident("P26-2")
    assert of_incident("P26-1") != ITSELF
