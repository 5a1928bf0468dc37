"""Times as vendors write them: the nights on which clocks change, numbers since 1970, and the ends of the calendar.

The clocks of the oracle are a table from the law of each place, not the zone files that the code reads.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

import msgspec
import pytest

from chalicelib.domain.names import Kind
from chalicelib.inbound.mapping.batch import read_mapped
from chalicelib.inbound.mapping.file import read_mapping
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.times import Instants
from chalicelib.inbound.mapping.values import Unfit
from tests.factories import PHONE
from tests.flow.city import City

MINUTE = timedelta(minutes=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


NIGHTS = [
    # zone, the instant of the change, the offset in minutes before it and after it
    ("America/Denver", utc(2026, 3, 8, 9), -420, -360),
    ("America/Denver", utc(2026, 11, 1, 8), -360, -420),
    ("America/New_York", utc(2026, 3, 8, 7), -300, -240),
    ("America/New_York", utc(2026, 11, 1, 6), -240, -300),
    ("Europe/London", utc(2026, 3, 29, 1), 0, 60),
    ("Europe/London", utc(2026, 10, 25, 1), 60, 0),
    ("Australia/Lord_Howe", utc(2026, 10, 3, 15, 30), 630, 660),
    ("Australia/Lord_Howe", utc(2026, 4, 4, 15), 660, 630),
]
nights = pytest.mark.parametrize("night", NIGHTS, ids=[f"{zone} {change:%B}" for zone, change, *_ in NIGHTS])


def wall(night, at):
    """Return what a clock on the wall says, without an offset."""
    _, change, before, after = night
    return (at + timedelta(minutes=before if at < change else after)).replace(tzinfo=None)


def minutes_of(night):
    return [night[1] + minute * MINUTE for minute in range(-180, 181)]


@nights
@pytest.mark.parametrize("lag", [0, 1, 4], ids=lambda lag: f"{lag} minutes late")
def test_what_is_told_live_is_read_as_the_minute_that_it_was(night, lag):
    read = Instants(("iso",), night[0])

    for at in minutes_of(night):
        for told in (wall(night, at).isoformat(), wall(night, at)):
            assert read(told, at + lag * MINUTE) == at, told


@nights
def test_what_a_source_sends_in_order_is_never_earlier_than_what_went_before(night):
    read = Instants(("iso",), night[0])
    found = [read(wall(night, at).isoformat(), at) for at in minutes_of(night)]

    assert all(one < other for one, other in pairwise(found))


@nights
def test_an_hour_that_does_not_exist_is_read_as_the_clock_went_on(night):
    zone, change, before, after = night
    read, skipped = Instants(("iso",), zone), max(0, after - before)
    last = wall(night, change - MINUTE)

    for minute in range(skipped):
        told = last + (minute + 1) * MINUTE
        assert read(told.isoformat(), change) == change + minute * MINUTE
        assert read(told.isoformat(), change) >= read(last.isoformat(), change)


MAP = """
format = "json"
snapshots = true
time_zone = "{zone}"
[fields]
incident_number = "n"
as_of = "t"
incident_type = {{value = "NOISE"}}
received_at = "received"
arrived_at = "arrived"
[[parties]]
party_id = {{value = "1"}}
phone = "phone"
"""


@nights
@pytest.mark.parametrize("arrives_after", [10, 29, 35])
def test_a_delay_notice_goes_only_to_those_with_whom_no_officers_are(night, arrives_after):
    mapper = Mapper(read_mapping(MAP.format(zone=night[0])))
    for received in minutes_of(night)[90:300:7]:
        city, arrived = City(), received + arrives_after * MINUTE
        city.now = received
        for at in (received, received + 5 * MINUTE, arrived, arrived + 20 * MINUTE, arrived + 70 * MINUTE):
            city.run_until(at)
            row = {"n": "P26-1", "t": wall(night, at).isoformat(), "phone": PHONE}
            row["received"] = wall(night, received).isoformat()
            row["arrived"] = wall(night, arrived).isoformat() if at >= arrived else None
            batch = read_mapped(mapper, msgspec.json.encode(row), f"w{at}", "US", at)
            assert not batch.rejected
            city.tell(*batch.said_by("cad"), at=at, source=f"w{at}")
        city.run_until(received + 200 * MINUTE)

        sent = city.row(Kind.DELAY).sent_at
        assert sent == (received + 30 * MINUTE if arrives_after > 30 else None), wall(night, received)


# --- numbers since 1970

AT = utc(2026, 9, 22, 19, 18, 20)
SECONDS = int(AT.timestamp())
FORMATS = ("iso", "epoch", "%Y%m%d", "%Y%m%d%H%M%S", "dotnet")
WRITTEN = {
    str(SECONDS): AT,
    f"{SECONDS}.0": AT,
    f"{SECONDS}000": AT,
    f"{SECONDS}000000": AT,
    f"/Date({SECONDS}000)/": AT,
    f"/Date({SECONDS}000-0600)/": AT,
    "2026-09-22T19:18:20Z": AT,
    "2026-09-22 13:18:20-06:00": AT,
    "20260922191820": AT,
    "20260922": utc(2026, 9, 22),
    "20261129": utc(2026, 11, 29),
}


@pytest.mark.parametrize("formats", list(permutations(FORMATS))[::5], ids=" ".join)
def test_a_time_is_the_same_in_whichever_order_the_formats_stand(formats):
    read = Instants(formats, "UTC")

    assert {text: read(text, AT) for text in WRITTEN} == WRITTEN


@pytest.mark.parametrize("number", [SECONDS, SECONDS * 1000, float(SECONDS), SECONDS * 1000.0, SECONDS * 10**6])
@pytest.mark.parametrize("formats", [("iso", "epoch"), ("epoch", "iso"), ("epoch",)])
def test_a_number_is_read_like_its_text(number, formats):
    assert Instants(formats, "")(number, AT) == AT


@pytest.mark.parametrize(
    "text",
    ["20261129", "-1", "1", "946684799", "4102444800", "1e400", "nan", "inf", "1_790_121_500", "١٧٩٠١٢١٥٠٠",
     "639257411000000000", "1790104700000000000", "9" * 400],
)  # fmt: skip
def test_a_number_that_is_no_time_of_this_century_does_not_fit(text):
    with pytest.raises(Unfit, match="expected a time as iso or epoch"):
        Instants(("iso", "epoch"), "UTC")(text, AT)


# --- the ends of the calendar

ENDS = [
    "/Date(253402300800000)/",
    "/Date(-62135596800001)/",
    "/Date(99999999999999999999)/",
    "1987-05-01",
    "2100-01-01",
]


@pytest.mark.parametrize("zone", ["America/Denver", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("end", ENDS)
def test_a_time_at_an_end_of_the_calendar_is_refused_by_name_and_its_neighbours_are_taken(end, zone):
    rows = [{"n": "P26-1", "t": "2026-11-21T11:00:00-07:00"}, {"n": "P26-2", "t": "2026-11-21T11:00:00-07:00"}]
    rows[0]["arrived"] = end
    text = MAP.format(zone=zone).replace("snapshots = true", 'dates = ["iso", "dotnet"]')

    for _ in range(2):
        mapper = Mapper(read_mapping(text))
        batch = read_mapped(mapper, msgspec.json.encode(rows), "w", "US", utc(2026, 11, 21, 18, 1))
        assert [update.incident_number for update in batch.updates] == ["P26-2"]
        assert batch.rejected[0].error.startswith("updates[0].arrived_at: expected ")


# --- dates that stand for none

NONE = """
0001-01-01T00:00:00 0001-01-01T00:00:00Z 0001-01-01T00:00:00+14:00 0001-01-01 1/1/0001_12:00:00_AM 1900-01-01
1900-01-01T00:00:00 01/01/1900_00:00:00 1899-12-30 12/30/1899 1899-12-30T00:00:00 0000-00-00_00:00:00 0000-00-00
00/00/0000 1753-01-01 1601-01-01T00:00:00Z 1970-01-01T00:00:00Z 1969-12-31T17:00:00-07:00 1970-01-01
/Date(-62135596800000)/ /Date(0)/ 0 N/A null NULL none - -- Unknown
"""


FORMS = ["  /  /    ", "__/__/____", "__/__/____ __:__:__", "  -  -     :  ", "//"]


@pytest.mark.parametrize("none", [*(each.replace("_", " ") for each in NONE.split()), *FORMS])
@pytest.mark.parametrize("zone", ["America/Denver", "UTC"])
def test_a_date_that_stands_for_none_does_not_cost_its_neighbour_the_arrival(none, zone):
    text = f"""
    format = "json"
    time_zone = "{zone}"
    dates = ["iso", "dotnet", "epoch", "%m/%d/%Y %H:%M:%S"]
    [fields]
    incident_number = "n"
    as_of = {{latest = ["t", "closed"]}}
    arrived_at = "arrived"
    closed_at = "closed"
    """
    row = {"n": "P26-1", "t": "2026-11-21T11:00:00", "arrived": "2026-11-21T10:59:00", "closed": none}

    batch = read_mapped(Mapper(read_mapping(text)), msgspec.json.encode([row]), "w", "US", utc(2026, 11, 21, 18, 1))

    (update,) = batch.updates
    assert update.facts.keys() == {"arrived_at"}


@pytest.mark.parametrize("zero", ["1900-01-01", "N/A"])
def test_in_snapshots_a_date_that_stands_for_none_takes_back_as_a_blank_does(zero):
    rows = [{"n": "P26-1", "t": "2026-11-21T11:00:00-07:00", "arrived": zero}]
    mapper = Mapper(read_mapping(MAP.format(zone="UTC")))

    assert mapper.read(msgspec.json.encode(rows), AT)[0].update["arrived_at"] is None


def test_an_hour_of_1900_is_a_time():
    read = Instants(("%m/%d/%Y %H%M",), "UTC")

    assert read("11/28/2026 1900", AT) == utc(2026, 11, 28, 19, 0)
    with pytest.raises(Unfit):
        read("28.11.2026 1900", AT)


@pytest.mark.parametrize("zero", [datetime(1, 1, 1), datetime(1900, 1, 1)])  # noqa: DTZ001
def test_a_drivers_date_that_stands_for_none_is_none(zero):
    assert Instants(("iso",), "UTC")(zero, AT) is None


def test_as_of_must_be_a_time():
    rows = [{"n": "P26-1", "t": "0001-01-01T00:00:00"}]
    batch = read_mapped(Mapper(read_mapping(MAP.format(zone="UTC"))), msgspec.json.encode(rows), "w", "US", AT)

    assert batch.rejected[0].error == "updates[0].as_of: required, and nothing is there"
