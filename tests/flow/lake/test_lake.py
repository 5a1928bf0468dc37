import gzip
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from chalicelib.aws.lake import pack, together_key, unpack
from chalicelib.aws.stream import read_item, read_record
from chalicelib.domain.incidents.facts import Link, Unit
from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.lake.rows import incident_row, lake_rows, notification_row
from chalicelib.domain.lake.tables import TABLES, Day, IncidentVersion, UpdateHeard, newest, table_of
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.question_sets import SETS
from chalicelib.domain.surveys.survey import Answers, Carried, Survey
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import export_changes
from chalicelib.ports.errors import Damaged
from chalicelib.virtual.lake import MemoryLake
from tenfour.figures.folder import FolderLake
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, incident, row, update
from tests.flow.city import City, ports

TODAY = date(2026, 11, 21)
PORTS = ports()


def versions(count, ids=5):
    """Return many versions of a few rows."""
    return [row(number=f"P26-{n % ids}", version=n // ids + 1, segments=n) for n in range(count)]


def export(lake, changes, name="batch"):
    return export_changes(changes, name, lake, PORTS.settings)


def told(changes):
    return newest(item for changed in changes for item in lake_rows(changed, agency()))


def test_what_changed_lands_and_is_compacted_into_its_day():
    lake = MemoryLake()
    export(lake, [row(version=1), IncidentVersion(incident(call()), 1, NOW)])

    assert compact_landing(lake) == 1
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


def test_an_answer_that_comes_or_changes_weeks_later_stays_in_the_day_of_the_asking():
    late = replace(answered(), version=2, changed_at=NOW + timedelta(days=20), answers=Answers(marks={"overall": 1}))
    lake = MemoryLake()
    for name, survey in (("first", answered()), ("later", late)):
        export(lake, [survey], name)
        compact_landing(lake)

    rows = lake.read_day("survey_answers", TODAY).rows
    assert {item.question: item.mark for item in rows} == {"overall": 1, "respect": 4}
    assert {item.question: item.answered_at for item in rows} == {
        "overall": late.changed_at,
        "respect": answered().answered_at,
    }


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_a_batch_lands_in_one_file_whatever_its_tables_and_days_and_comments_in_one_of_their_own(kind, tmp_path):
    lake = MemoryLake() if kind == "memory" else FolderLake(tmp_path)
    yesterday = row(number="P26-0", version=1, created_at=NOW - timedelta(days=1))
    changes = [row(version=1), yesterday, heard(), IncidentVersion(incident(call()), 1, NOW), answered()]
    export(lake, changes)

    assert sorted((item.table, item.dt) for item in lake.landed() if item.table) == [("comments", TODAY)]
    assert sum(not item.table for item in lake.landed()) == 1
    assert compact_landing(lake) == 2
    days = {(table, dt) for table in TABLES for dt in (TODAY, TODAY - timedelta(days=1)) if lake.tag(table, dt)}
    assert {table for table, dt in days if dt == TODAY} == set(TABLES) - {"releases", "follow_ups"}
    assert {table for table, dt in days if dt != TODAY} == {"notifications"}


def test_files_that_a_release_before_landed_by_table_and_day_join_their_day_too():
    lake = MemoryLake()
    lake.land("before", "notifications", TODAY, told([row(version=1)]))
    export(lake, [row(version=2)], "now")

    assert compact_landing(lake) == 2
    assert [item.version for item in lake.read_day("notifications", TODAY).rows] == [2]


def test_a_file_that_is_damaged_waits_and_stops_no_other(tmp_path):
    lake = FolderLake(tmp_path)
    for name in ("bad", "good"):
        export(lake, [row(number=name, version=1)], name)
    (tmp_path / together_key("bad")).write_bytes(pack([]) + b"no gzip")

    with pytest.raises(Damaged, match="bad"):
        compact_landing(lake)

    assert [item.incident_number for item in lake.read_day("notifications", TODAY).rows] == ["good"]
    assert [item.name for item in lake.landed()] == [together_key("bad")]


def test_a_line_that_this_release_can_not_read_stops_no_other_and_waits_for_one_that_can(tmp_path):
    """A release after this one may land a table that this one does not know; then somebody goes back."""
    lake = FolderLake(tmp_path)
    export(lake, [row(version=1), IncidentVersion(incident(call()), 1, NOW)])
    path = tmp_path / together_key("batch")
    lines = gzip.decompress(path.read_bytes()).splitlines()
    later = [b'{"table": "weather", "row": {"dt": "2026-11-21"}}', b'{"table": "notifications", "row": {}}']
    path.write_bytes(gzip.compress(b"\n".join([lines[0], *later, *lines[1:]])))

    for _ in range(2):
        with pytest.raises(Damaged, match=r"batch.*weather"):
            compact_landing(lake)
        assert [len(lake.read_day(table, TODAY).rows) for table in ("notifications", "incidents")] == [1, 1]
        assert [item.name for item in lake.landed()] == [together_key("batch")]


@pytest.mark.parametrize("kind", ["memory", "folder"])
@pytest.mark.parametrize("at", ["write_day", "read_day"])
def test_an_erasure_while_compaction_works_leaves_no_words_in_the_lake(kind, at, tmp_path):
    """It takes them out of the files that wait, then out of the day; compaction has read the files already."""
    lake = MemoryLake() if kind == "memory" else FolderLake(tmp_path)
    others = replace(answered(), token_hash="other")
    export(lake, [answered()], "theirs")
    export(lake, [others], "others")
    words = {item.id for item in told([answered()]) if table_of(item) == "comments"}
    act, done = getattr(lake, at), []

    def while_it_works(table, *rest):
        if table == "comments" and not done:
            done.append(True)
            erase(lake, words)
        return act(table, *rest)

    def erase(lake, gone):
        for landed in list(lake.landed()):
            if landed.table == "comments":
                kept = [item for item in lake.read_landed(landed) if item.id not in gone]
                lake.land(landed.name.rpartition("/")[2].partition(".")[0], "comments", TODAY, kept)
        day = lake.read_day("comments", TODAY)
        rows = tuple(item for item in day.rows if item.id not in gone)
        if rows != day.rows:
            lake.write_day("comments", TODAY, Day(rows, day.tag))

    setattr(lake, at, while_it_works)
    compact_landing(lake)

    left = {item.id for item in lake.read_day("comments", TODAY).rows}
    assert done
    assert left == {item.id for item in told([others]) if table_of(item) == "comments"}
    assert list(lake.landed()) == []


def test_a_file_of_comments_that_another_compaction_took_meanwhile_takes_nothing_out_of_the_day():
    lake = MemoryLake()
    export(lake, [answered()])
    write, done = lake.write_day, []

    def another_first(table, *rest):
        if table == "comments" and not done:
            done.append(True)
            compact_landing(lake)
        return write(table, *rest)

    lake.write_day = another_first
    compact_landing(lake)

    assert len(lake.read_day("comments", TODAY).rows) == 1


class Crash(Exception):
    pass


class Shaky:
    """A lake on which whoever works dies at a call of its own choosing, before or after it acts.

    After each call a reader looks: what he once saw of a row he sees again, no older, and never twice.
    """

    def __init__(self, lake) -> None:
        self.lake, self.countdown, self.seen = lake, 0, {}

    def __getattr__(self, name):
        act = getattr(self.lake, name)

        def shaky(*args):
            self._step()
            result = act(*args)
            self.look()
            self._step()
            return result

        return shaky

    def _step(self):
        self.countdown -= 1
        if self.countdown == 0:
            raise Crash

    def look(self):
        for table in ("notifications", "incidents"):
            rows = self.lake.read_day(table, TODAY).rows
            found = {item.id: item.version for item in rows}
            assert len(found) == len(rows)
            for name, version in self.seen.get(table, {}).items():
                assert found[name] >= version
            self.seen[table] = found


CHANGES = [*versions(16, 4), IncidentVersion(incident(call()), 1, NOW), IncidentVersion(incident(call()), 2, NOW)]


@pytest.mark.parametrize("kind", ["memory", "folder"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_crashes_and_whatever_batches_a_retry_makes_no_row_is_lost_and_none_doubled(
    kind, tmp_path_factory, data
):
    """The stream hands out again what was not acknowledged, in other batches; compaction dies wherever it likes."""
    folder = FolderLake(tmp_path_factory.mktemp("lake")) if kind == "folder" else None
    lake = Shaky(folder or MemoryLake())
    waiting, name = list(CHANGES), 0
    while waiting:
        size = data.draw(st.integers(1, 6), label="batch")
        batch, name = waiting[:size], name + 1
        lake.countdown = data.draw(st.integers(0, 6), label="export dies at")
        try:
            export(lake, batch, f"batch-{name}")
        except Crash:
            continue
        repeated = data.draw(st.integers(0, 2), label="acknowledged late")
        waiting = waiting[max(1, size - repeated) :]
        lake.countdown = data.draw(st.integers(0, 16), label="compaction dies at")
        try:
            compact_landing(lake)
        except Crash:
            continue
    lake.countdown = 0
    compact_landing(lake)

    assert list(lake.read_day("notifications", TODAY).rows) == told(CHANGES[:16])
    assert list(lake.read_day("incidents", TODAY).rows) == told(CHANGES[16:])
    assert list(lake.landed()) == []


def test_a_day_that_somebody_else_replaced_is_merged_again():
    lake = MemoryLake()
    export(lake, [row(version=1)])
    read, first = lake.read_day, []

    def read_and_overtake(table, dt):
        day = read(table, dt)
        if not first:
            first.append(True)
            lake.write_day(table, dt, Day((notification_row(row(number="P26-2", version=1), agency()),), day.tag))
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


def answered(comment="Thanks"):
    return Survey(
        token_hash="h" * 64,
        agency_id="springfield",
        notification=row(Kind.SURVEY).key,
        settings_version=3,
        asked_at=NOW,
        expires_at=after(9),
        keep_until=after(9),
        answered_at=after(2),
        doors=("link",),
        version=1,
        answers=Answers(marks={"overall": 5, "respect": 4}, comments={"comment": comment}),
    )


def test_each_answer_is_a_row_and_comments_are_apart():
    rows = list(answer_rows(answered(), agency(), SETS["standard"]))

    assert [table_of(item) for item in rows] == ["survey_answers", "survey_answers", "comments"]
    assert [(item.question, item.mark, item.value, item.about) for item in rows[:2]] == [
        ("overall", 5, "5", "agency"),
        ("respect", 4, "4", "officer"),
    ]
    assert rows[0].respondent == rows[1].respondent
    assert rows[0].question_version != rows[1].question_version
    assert list(answer_rows(replace(answered(), answered_at=None), agency(), ())) == []


def test_a_choice_a_remark_and_words_taken_back_are_rows_too_and_say_how_they_came():
    answers = Answers(choices={"came": "yes"}, comments={"comment": ""}, remarks={"overall": "late"})
    survey = replace(answered(), answers=answers, door="reply", doors=("reply", "link"), questionnaire="ab12")
    choice, comment, remark = answer_rows(replace(survey, carried=Carried(units=("3A12", "3A14"))), agency(), ())

    assert (choice.kind, choice.mark, choice.value, choice.question_version) == ("choice", None, "yes", "")
    assert (choice.asked_by, choice.door, choice.questionnaire_version) == ("reply", "reply,link", "ab12")
    assert (choice.unit, choice.units) == ("3A12", "3A12,3A14")
    assert (comment.question, comment.comment, remark.question, remark.comment) == ("comment", "", "overall", "late")


LEAKS = ("(303) 555-0123", "303.555.0123", "+13035550123", "13035550123", "555-0123", "a.person@people.example")


@pytest.mark.parametrize("leak", LEAKS)
def test_no_person_enters_the_lake_however_hard_somebody_tries(leak):
    """In every field that a dispatch system, a person or a carrier can write into."""
    words = dict.fromkeys(("incident_type_description", "type_modifier", "initial_type", "transferred_to"), leak)
    codes = dict.fromkeys(("incident_type", "priority", "beat", "shift", "call_taker_id"), leak)
    lists = {"dispositions": (leak,), "case_numbers": (leak,), "offenses": (leak,), "units": (Unit(leak, (leak,)),)}
    parties = {leak: caller(email="a@people.example"), "p7": caller(OTHER_PHONE)}
    merged = incident(call(parties=parties), update(after(1), leak, **words, **codes, **lists))
    item = row(recipient=leak, body=f"call {leak}", address=PHONE, reference=leak, version=1)

    survey = replace(
        answered(f"Call me at {leak} or {leak}, please"),
        carried=Carried(
            incident_type=leak,
            beat=leak,
            shift=leak,
            units=(leak,),
            officer_ids=(leak,),
            call_taker_id=leak,
            officer=leak,
        ),
    )
    changes = [IncidentVersion(merged, 1, NOW), item, survey, heard(leak)]
    lake = MemoryLake()
    export(lake, changes)

    text = json.encode([lake.read_landed(landed) for landed in lake.landed()]).decode()
    assert text.count('"id"') == 6
    for secret in (leak, PHONE, OTHER_PHONE, "people.example", "p7", "h" * 64):
        assert secret not in text


def heard(source_id="webhook-1"):
    key = IncidentKey("springfield", "P26-1")
    return UpdateHeard(key=key, source_id=source_id, heard_at=after(2), as_of=after(1), updates=3)


@pytest.mark.parametrize("number", ["+13035550123", "(303) 555-0123", "303-555-0123", "a@people.example"])
def test_an_incident_that_is_numbered_by_a_phone_is_only_named(number):
    named = incident_row(IncidentVersion(incident(call(), number=number), 1, NOW), agency())

    assert number not in json.encode(named).decode()
    assert named.incident_number == named.id


def test_a_long_number_is_no_phone():
    assert incident_row(IncidentVersion(incident(call(), number="202600012345"), 1, NOW), agency()).incident_number == (
        "202600012345"
    )


def test_the_partition_is_the_day_in_utc_and_the_other_days_are_the_agencys_own():
    late = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
    told_late = notification_row(row(created_at=late, planned_for=late), agency())

    assert (told_late.dt, told_late.planned_on, told_late.planned_hour) == (date(2026, 11, 22), "2026-11-21", 22)


def test_times_that_contradict_each_other_give_no_interval():
    facts = {"dispatched_at": after(-5), "arrived_at": after(7), "closed_at": None}
    seen = incident_row(IncidentVersion(incident(call(**facts)), 1, after(1)), agency())

    assert (seen.dispatch_seconds, seen.response_seconds, seen.open_seconds, seen.lag_seconds) == (None, 420, None, 60)


def test_without_settings_nothing_is_lost():
    assert incident_row(IncidentVersion(incident(call(dispositions=("HAN",))), 1, NOW), None).outcome is None
    assert [table_of(item) for item in lake_rows(answered(), None)] == ["survey_answers", "survey_answers", "comments"]


def test_why_somebody_is_not_told_stands_with_the_incident():
    skipped = (Skipped(Kind.DELAY, Reason.ARRIVED, "1"), Skipped(Kind.DELAY, Reason.WITNESS, "2"))
    seen = incident_row(IncidentVersion(incident(call()), 1, NOW, skipped, 7), agency())

    assert (seen.no_delay, seen.no_survey, seen.settings_version) == ("arrived", None, 7)


def follows(number, phone, at):
    link = {"linked_to": Link("P26-1", "duplicate_of")}
    return call(incident_number=number, parties={"1": caller(phone)}, at=at, **link)


def test_a_person_who_calls_again_while_it_is_open_is_counted_and_another_person_is_not():
    city = City()
    city.tell(call())
    city.tell(follows("P26-2", PHONE, after(10)))
    city.tell(follows("P26-3", OTHER_PHONE, after(12)))
    city.tell(update(after(30), closed_at=after(30), arrived_at=after(20)))
    city.tell(follows("P26-4", PHONE, after(50)))
    record = city.ports.incidents.load(IncidentKey("springfield", "P26-1"))

    seen = incident_row(IncidentVersion(record.incident, 1, NOW), agency())
    assert (seen.repeat_contacts, seen.last_repeat_at) == (1, after(10))


CODE = {"pk": {"S": "code#ab12"}}
WRONG = {"pk": {"S": "wrong#springfield#1"}, "tries": {"N": "3"}}


@pytest.mark.parametrize("item", [CODE, WRONG])
def test_codes_in_the_surveys_table_are_no_surveys(item):
    record = {"eventName": "INSERT", "eventID": "1", "dynamodb": {"NewImage": item}}

    assert read_record(record) is None


def test_a_webhooks_history_says_that_it_came_and_who_was_shown_whom_says_nothing():
    document = json.encode([call(), update(after(3), "x")]).decode()
    seen = read_item("springfield#P26-1", "history#2026-11-21T18:10:00.000000Z#wh#1", 0, document)

    assert (seen.key.incident_number, seen.source_id, seen.updates, seen.as_of) == ("P26-1", "wh#1", 2, after(3))
    assert read_item("springfield#P26-1", "audit#2026-11-21T18:10:00.000000Z#mo", 0, "{}") is None


FIRST_RELEASE = {
    "survey_answers": b'{"id":"a","version":1,"dt":"2026-11-21","agency_id":"springfield","question":"overall",'
    b'"mark":5,"settings_version":3,"asked_at":"2026-11-21T17:20:00Z","answered_at":"2026-11-21T17:22:00Z"}\n',
    "comments": b'{"id":"b","version":1,"dt":"2026-11-21","agency_id":"springfield","question":"comment",'
    b'"comment":"Thanks","answered_at":"2026-11-21T17:22:00Z"}\n',
    "notifications": b'{"id":"c","version":2,"dt":"2026-11-21","agency_id":"springfield","incident_number":"P26-1",'
    b'"kind":"delay","ordinal":0,"channel":"sms","variant":"","state":"sent","reason":"","provider":"","segments":1,'
    b'"attempts":1,"settings_version":1,"planned_for":"2026-11-21T17:20:00Z","sent_at":null,"finished_at":null}\n',
    "incidents": b'{"id":"d","version":1,"dt":"2026-11-21","agency_id":"springfield","incident_number":"P26-1",'
    b'"origin":"911","incident_type":"NOISE","priority":"3","beat":null,"shift":null,"response_mode":null,'
    b'"received_at":null,"queued_at":null,"dispatched_at":null,"enroute_at":null,"arrived_at":null,"closed_at":null,'
    b'"cancelled_at":null,"outcome":null}\n',
}


@pytest.mark.parametrize("table", FIRST_RELEASE)
def test_days_that_the_first_release_wrote_can_still_be_read(table):
    (only,) = unpack(gzip.compress(FIRST_RELEASE[table]), table)

    assert table_of(only) == table
