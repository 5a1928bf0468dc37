"""A day that was lost or damaged is written again from the tables, and nothing is taken away."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from chalicelib.aws.document import encode
from chalicelib.aws.lake import day_key
from chalicelib.aws.stores.changes import scan
from chalicelib.aws.tables import IncidentItem
from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.lake.rows import lake_rows
from chalicelib.domain.lake.tables import TABLES, Day, IncidentVersion, UpdateHeard
from chalicelib.domain.settings.agency import Retention
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import export_changes
from chalicelib.insight.figures.rebuild import TooLate, check, rebuild
from chalicelib.ports.errors import Busy, Damaged
from tenfour.figures.folder import FolderLake
from tests.factories import NOW, after, agency, call, incident, row
from tests.flow.city import ports
from tests.flow.lake.test_lake import answered

TODAY = NOW.date()
SETTINGS = ports().settings
HEARD = UpdateHeard(key=row().key.incident, source_id="wh", heard_at=NOW, as_of=NOW, updates=1)
LOW = FollowUp(
    id="f1",
    agency_id="springfield",
    desk=Desk.SUPERVISORS,
    because=Because.LOW_SCORE,
    raised_at=NOW,
    due_at=NOW,
)
RELEASED = CommentRelease(
    agency_id="springfield",
    comment_id="c1",
    dt=TODAY,
    words="w",
    state="released",
    decided_at=NOW,
    decided_by="lee",
)
CHANGES = [
    IncidentVersion(incident(call()), 2, NOW),
    row(version=3),
    row(version=2, number="P26-2"),
    answered(),
    HEARD,
    LOW,
    RELEASED,
]


@pytest.fixture
def lake(tmp_path):
    lake = FolderLake(tmp_path)
    export_changes(CHANGES, "batch", lake, SETTINGS)
    compact_landing(lake)
    return lake


def days(lake):
    return {table: lake.read_day(table, TODAY).rows for table in TABLES}


@pytest.mark.parametrize("harm", ["lost", "cut short", "not gzip"])
def test_a_day_that_was_harmed_is_as_it_was(lake, tmp_path, harm):
    before = days(lake)
    for table in TABLES:
        path = tmp_path / day_key(table, TODAY)
        body = path.read_bytes()
        path.unlink()
        if harm != "lost":
            path.write_bytes(body[: len(body) // 2] if harm == "cut short" else b"no gzip at all")

    done = rebuild(TODAY, TABLES, CHANGES, lake, SETTINGS)

    assert days(lake) == before
    assert [one.damaged for one in done] == [harm != "lost"] * len(TABLES)


def test_a_damaged_day_stops_its_compaction_loudly_and_not_the_others(lake, tmp_path):
    (tmp_path / day_key("notifications", TODAY)).write_bytes(b"no gzip at all")
    export_changes([row(version=9), replace(HEARD, source_id="wh2")], "more", lake, SETTINGS)

    with pytest.raises(Damaged, match="notifications"):
        compact_landing(lake)

    assert len(lake.read_day("updates", TODAY).rows) == 2
    assert len(list(lake.landed())) == 1
    rebuild(TODAY, ["notifications"], CHANGES, lake, SETTINGS)
    compact_landing(lake)
    assert {item.version for item in lake.read_day("notifications", TODAY).rows} == {9, 2}


def test_what_only_the_lake_has_stays_and_is_counted(lake):
    (only_there,) = lake_rows(row(version=1, number="P26-forgotten"), agency())
    day = lake.read_day("notifications", TODAY)
    lake.write_day("notifications", TODAY, Day((*day.rows, only_there), day.tag))

    (done,) = rebuild(TODAY, ["notifications"], CHANGES, lake, SETTINGS)

    assert (done.rows, done.only_here) == (2, 1)
    assert len(lake.read_day("notifications", TODAY).rows) == 3


def test_a_newer_version_that_was_compacted_meanwhile_stays(lake):
    older = [replace(change, version=1) if change == CHANGES[1] else change for change in CHANGES]

    rebuild(TODAY, ["notifications"], older, lake, SETTINGS)

    assert max(item.version for item in lake.read_day("notifications", TODAY).rows) == 3


def test_columns_that_were_added_since_are_filled_in(lake):
    bare = tuple(replace(item, planned_on=None) for item in lake.read_day("notifications", TODAY).rows)
    lake.write_day("notifications", TODAY, Day(bare, lake.tag("notifications", TODAY)))

    rebuild(TODAY, ["notifications"], CHANGES, lake, SETTINGS)

    assert {item.planned_on for item in lake.read_day("notifications", TODAY).rows} == {"2026-11-21"}


def test_a_day_that_keeps_being_written_is_left_to_whoever_writes_it(lake):
    class Moving:
        def __getattr__(self, name):
            return getattr(lake, name)

        def tag(self, table, dt):
            return "another"

    with pytest.raises(Busy, match="compaction"):
        rebuild(TODAY, ["notifications"], CHANGES, Moving(), SETTINGS)


def test_a_day_without_anything_stays_without_a_file(lake):
    rebuild(date(2026, 11, 20), TABLES, CHANGES, lake, SETTINGS)

    assert lake.tag("notifications", date(2026, 11, 20)) is None


RULES = replace(agency(), retention=Retention(history=timedelta(days=30)))


@pytest.mark.parametrize(("age", "table"), [(31, "updates"), (401, "incidents"), (401, "comments")])
def test_a_day_past_retention_is_refused(age, table):
    with pytest.raises(TooLate, match=f"keeps {table} .* the only copy"):
        check(TODAY - timedelta(days=age), [table], [agency(), RULES], NOW)


def test_a_day_of_which_nothing_can_have_gone_is_not_refused():
    check(TODAY - timedelta(days=399), ["incidents", "notifications", "survey_answers"], [RULES], NOW)
    with pytest.raises(TooLate, match="has not begun"):
        check(TODAY + timedelta(days=2), ["incidents"], [RULES], NOW)


def test_answers_are_those_of_the_day_of_the_asking(lake):
    late = replace(answered(), changed_at=after(60 * 24 * 9), version=2)

    rebuild(TODAY, ["survey_answers"], [late], lake, SETTINGS)

    assert {item.id for item in lake.read_day("survey_answers", TODAY).rows} == {
        item.id for item in answer_rows(late, agency(), ()) if hasattr(item, "mark")
    }


def test_a_row_that_nobody_can_read_is_named_and_stops_no_other():
    def item(number, document):
        return IncidentItem(f"springfield#{number}", "notification#delay#1#0", version=1, document=document)

    readable = encode(row(number="P26-2", version=1))
    broken = ["zAAAA", "z%", "{", '{"key": 1}']
    items = SimpleNamespace(scan=lambda: [item("P26-1", text) for text in broken] + [item("P26-2", readable)])
    left_out = []

    found = [*scan(items, left_out.append)]

    assert [one.key.incident_number for one in found] == ["P26-2"]
    assert left_out == ["springfield#P26-1 notification#delay#1#0"] * len(broken)
