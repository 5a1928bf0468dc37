"""Strategies that draw any updates in any order."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.update import Latch, Update
from chalicelib.domain.phones import Phone
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW

instants = st.one_of(st.sampled_from([0, 1]), st.integers(-60, 240)).map(
    lambda minutes: NOW + timedelta(minutes=minutes)
)
phones = st.one_of(
    st.none(), st.just(Phone()), st.integers(0, 5).map(lambda number: Phone(number=fictional_phone(number)))
)
emails = st.sampled_from([None, "a@people.example", "b@people.example"])


def _told(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """Return some of the fields: those that an update speaks of."""
    return st.fixed_dictionaries({}, optional=fields)


facts = _told(
    origin=st.sampled_from([None, "911", "non_emergency", "officer_initiated"]),
    incident_type=st.sampled_from([None, "NOISE", "THEFT", "ALL", "WELFARE", "DV", "UNHEARD-OF"]),
    incident_type_description=st.sampled_from([None, "noise", "domestic violence", "check welfare"]),
    initial_type=st.sampled_from([None, "NOISE", "245"]),
    type_modifier=st.sampled_from([None, "IN PROGRESS", "COLD"]),
    priority=st.sampled_from([None, "1", "2", "3"]),
    exercise=st.sampled_from([None, False, True]),
    received_at=st.one_of(st.none(), instants),
    dispatched_at=st.one_of(st.none(), instants),
    arrived_at=st.one_of(st.none(), instants),
    closed_at=st.one_of(st.none(), instants),
    cancelled_at=st.one_of(st.none(), instants),
    scheduled_for=st.one_of(st.none(), instants),
    linked_to=st.sampled_from([None, Link("P26-0", "duplicate_of"), Link("P26-0", "related")]),
    transferred_to=st.sampled_from([None, "county-so"]),
    response_mode=st.sampled_from([None, "in_person", "phone"]),
    dispositions=st.sampled_from([None, ("HAN",), ("GOA", "RPT"), ("???",)]),
    case_numbers=st.sampled_from([None, ("26-1",), ("26-1", "26-2")]),
    offenses=st.sampled_from([None, ("23F",), ("13A",)]),
)
parties = st.dictionaries(
    st.sampled_from(["1", "2", "3"]),
    _told(
        role=st.sampled_from([None, "caller", "victim", "witness"]),
        contact_kind=st.sampled_from([None, "personal", "alarm"]),
        phone=phones,
        email=emails,
    ),
    max_size=3,
)


def _with_seen(seen: tuple[str, ...], **told: Any) -> Update:
    """Return an update of which some times are those at which something was seen, as the webhook would read it."""
    facts = {name: value for name, value in told.pop("facts").items() if value is not None or name not in seen}
    return Update(facts=facts, first_seen=frozenset(seen) & facts.keys(), **told)


updates = st.builds(
    _with_seen,
    incident_number=st.just("P26-1"),
    as_of=instants,
    update_id=st.sampled_from(["a", "b", "c", "d"]),
    facts=facts,
    parties=parties,
    latches=st.frozensets(st.sampled_from(list(Latch)), max_size=1),
    unsafe_parties=st.frozensets(st.sampled_from(["1", "2"]), max_size=1),
    rejected=st.sampled_from([False, False, False, True]),
    source=st.sampled_from(["cad", "cad", "rms"]),
    sequence=st.sampled_from([0, 0, 1, 2]),
    seen=st.sampled_from([(), (), ("arrived_at",), ("arrived_at", "closed_at")]),
)
