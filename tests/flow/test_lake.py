from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from chalicelib.domain.identity import Kind
from chalicelib.domain.lake import IncidentVersion, answer_rows, incident_row, newest, notification_row, table_of
from chalicelib.domain.notification import State
from chalicelib.domain.question_sets import SETS
from chalicelib.domain.survey import Answers, Survey
from chalicelib.flow.compact import compact_landing
from chalicelib.flow.export import export_changes
from chalicelib.ports import Day
from chalicelib.store.stream import read_record
from ops.memory.lake import MemoryLake
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, incident, row, update
from tests.flow.city import ports

TODAY = date(2026, 11, 21)


def versions(count, ids=5):
    """Return many versions of a few rows."""
    return [row(number=f"P26-{n % ids}", version=n // ids + 1, segments=n) for n in range(count)]


def export(lake, changes, name="batch"):
    return export_changes(changes, name, lake, ports().settings)


def test_what_changed_lands_and_is_compacted_into_its_day():
    lake = MemoryLake()
    export(lake, [row(version=1), IncidentVersion(incident(call()), 1, NOW)])

    assert compact_landing(lake) == 2
    assert [item.incident_number for item in lake.read_day("notifications", TODAY).rows] == ["P26-1"]
    assert [item.incident_type for item in lake.read_day("incidents", TODAY).rows] == ["NOISE"]
    assert list(lake.landed()) == []


def test_a_late_change_takes_its_rows_place_in_the_day_of_its_birth():
    lake = MemoryLake()
    export(lake, [row(version=1)], "first")
    compact_landing(lake)

    export(lake, [row(version=2, state=State.DELIVERED, created_at=NOW, sent_at=after(3 * 24 * 60))], "later")
    compact_landing(lake)

    (only,) = lake.read_day("notifications", TODAY).rows
    assert (only.version, only.state) == (2, State.DELIVERED)


@given(st.data())
def test_whatever_batches_a_retry_makes_no_row_is_lost_and_none_doubled(data):
    changes = versions(20)
    lake = MemoryLake()
    cuts = sorted(data.draw(st.lists(st.integers(0, 20), max_size=5)))
    batches = [changes[a:b] for a, b in zip([0, *cuts], [*cuts, 20], strict=True)]
    repeated = data.draw(st.permutations(batches + batches[:2]))
    for n, batch in enumerate(repeated):
        export(lake, batch, f"batch-{n}")
        if data.draw(st.booleans()):
            compact_landing(lake)
    compact_landing(lake)

    assert list(lake.read_day("notifications", TODAY).rows) == newest(notification_row(item) for item in changes)


class Crash(Exception):
    pass


@given(st.integers(0, 12))
def test_a_crash_at_any_point_of_compaction_loses_nothing_and_doubles_nothing(point):
    lake = MemoryLake()
    export(lake, [*versions(10), IncidentVersion(incident(call()), 1, NOW)])
    for name in ("read_landed", "read_day", "write_day", "forget"):
        crash_at(lake, name, point)
    lake.countdown = point
    try:
        compact_landing(lake)
    except Crash:
        lake.countdown = 99
        compact_landing(lake)

    assert list(lake.read_day("notifications", TODAY).rows) == newest(notification_row(item) for item in versions(10))
    assert len(lake.read_day("incidents", TODAY).rows) == 1
    assert list(lake.landed()) == []


def crash_at(lake, name, _point):
    act = getattr(lake, name)

    def crashing(*args):
        lake.countdown -= 1
        if lake.countdown == 0:
            raise Crash
        result = act(*args)
        lake.countdown -= 1
        if lake.countdown == 0:
            raise Crash
        return result

    setattr(lake, name, crashing)


def test_a_day_that_somebody_else_replaced_is_merged_again():
    lake = MemoryLake()
    export(lake, [row(version=1)])
    read, first = lake.read_day, []

    def read_and_overtake(table, dt):
        day = read(table, dt)
        if not first:
            first.append(True)
            lake.write_day(table, dt, Day((notification_row(row(number="P26-2", version=1)),), day.tag))
        return day

    lake.read_day = read_and_overtake
    compact_landing(lake)

    assert len(read("notifications", TODAY).rows) == 2


def test_a_day_that_needs_nothing_is_not_written():
    lake = MemoryLake()
    for name in ("a", "b"):
        export(lake, [row(version=1)], name)
        compact_landing(lake)

    assert lake.read_day("notifications", TODAY).tag == "1"


def answered():
    return Survey(
        token_hash="h" * 64,
        agency_id="springfield",
        notification=row(Kind.SURVEY).key,
        settings_version=3,
        asked_at=NOW,
        expires_at=after(9),
        keep_until=after(9),
        answered_at=after(2),
        answers=Answers(marks={"overall": 5, "respect": 4}, comments={"comment": "Thanks"}),
    )


def test_each_answer_is_a_row_and_comments_are_apart():
    rows = list(answer_rows(answered(), SETS["standard"]))

    assert [table_of(item) for item in rows] == ["survey_answers", "survey_answers", "comments"]
    assert [(item.question, item.mark, item.about) for item in rows[:2]] == [
        ("overall", 5, "agency"),
        ("respect", 4, "officer"),
    ]
    assert list(answer_rows(replace(answered(), answered_at=None), ())) == []


def test_no_person_enters_the_lake():
    merged = incident(
        call(parties={"p7": caller(email="a@people.example")}),
        update(after(1), "x", parties={"p8": caller(OTHER_PHONE)}),
    )
    item = row(recipient="p7", body="we have your call", address=PHONE, reference="provider-id", version=1)

    lake_rows = [
        incident_row(IncidentVersion(merged, 1, NOW), agency()),
        notification_row(item),
        *answer_rows(answered(), SETS["standard"]),
    ]

    text = json.encode(lake_rows).decode()
    for secret in (PHONE, OTHER_PHONE, "people.example", "p7", "p8", "we have your call", "provider-id", "h" * 64):
        assert secret not in text


def test_the_day_is_that_of_utc():
    late = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)

    assert notification_row(row(created_at=late)).dt == TODAY


CODE = {"pk": {"S": "code#ab12"}}
WRONG = {"pk": {"S": "wrong#springfield#1"}, "tries": {"N": "3"}}


@pytest.mark.parametrize("item", [CODE, WRONG])
def test_codes_in_the_surveys_table_are_no_surveys(item):
    record = {"eventName": "INSERT", "eventID": "1", "dynamodb": {"NewImage": item}}

    assert read_record(record) is None
