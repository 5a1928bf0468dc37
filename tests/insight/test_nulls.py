"""What nulls took back in the last day: counted by calls, system and field."""

from datetime import timedelta

import pytest

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.insight.status.needs import Seen, What, needs
from chalicelib.insight.status.nulls import FEWEST, MANY, WITHIN, Nulls, nulls_of
from tests.factories import NOW, agency, call, incident
from tests.flow.city import City

BEFORE = NOW - WITHIN - timedelta(minutes=1)


def record(number, at=NOW, **taken):
    told = incident(call(at=at, incident_number=number), number=number)
    taken_back = {name.replace("_", ".", 1): when for name, when in taken.items()}
    return IncidentRecord(incident=told, version=1, created_at=at, taken_back=taken_back)


def test_calls_and_fields_are_counted_by_system():
    records = [
        record("P26-1", cad_arrived_at=NOW, cad_beat=NOW),
        record("P26-2", cad_arrived_at=NOW, rms_case_numbers=NOW),
        record("P26-3", at=BEFORE, cad_shift=BEFORE),
        record("P26-4"),
        record("P26-5", at=BEFORE, cad_arrived_at=NOW),
    ]

    assert nulls_of(records, NOW) == (
        Nulls(source="cad", calls=3, fields={"arrived_at": 3, "beat": 1}, of=4),
        Nulls(source="rms", calls=1, fields={"case_numbers": 1}, of=4),
    )


def test_a_day_without_nulls_tells_nothing():
    assert nulls_of([record("P26-1"), record("P26-2", at=BEFORE, cad_beat=BEFORE)], NOW) == ()


@pytest.mark.parametrize(
    ("calls", "of", "many"),
    [
        (FEWEST, FEWEST, True),
        (FEWEST - 1, FEWEST, False),
        (MANY, 100, True),
        (MANY - 1, 100, False),
    ],
)
def test_a_few_corrections_need_nobody_and_many_do(calls, of, many):
    taken = [record(f"P26-{each}", **({"cad_arrived_at": NOW} if each < calls else {})) for each in range(of)]

    told = needs(Seen(heard_at=NOW, told_at=NOW, records=taken), agency(), NOW)

    assert [one.count for one in told if one.what is What.NULLS] == ([calls] if many else [])


def test_what_a_feed_took_back_is_in_the_record_that_status_reads():
    city = City(agency())
    city.tell(call(at=NOW, arrived_at=NOW))
    city.tell(call(at=NOW + timedelta(minutes=1), arrived_at=None))

    (told,) = nulls_of(city.records(), NOW + timedelta(minutes=1))
    assert (told.source, told.calls, told.fields) == ("cad", 1, {"arrived_at": 1})
