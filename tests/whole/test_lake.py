"""The lake of a running city: the same promises on S3, and a day written again from DynamoDB."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from chalicelib.aws.lake import LAKE, LANDING, S3Lake
from chalicelib.domain.lake.rows import notification_row, update_row
from chalicelib.domain.lake.tables import Day, Landed, UpdateHeard
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.insight.figures.queries import query
from chalicelib.ports.errors import Conflict, Damaged
from tenfour.common.reach import client
from tenfour.figures.local import LocalLake, download
from tests.command import tenfour_in_the_city
from tests.factories import NOW, agency, row
from tests.waiting import wait_until
from tests.whole.people import Caller, now

DAY = date(2026, 11, 21)
HEARD = UpdateHeard(key=IncidentKey("springfield", "P26-1"), source_id="webhook-1", heard_at=NOW, as_of=NOW, updates=1)
DAYS = timedelta(days=1)
"""What is the agency's own day and what is UTC's may be two."""


@pytest.fixture
def storage(stack):
    return client("s3", stack.aws_endpoint)


@pytest.fixture
def lake(stack, storage):
    """Return a lake in a bucket of its own."""
    bucket = f"lake-{uuid4().hex[:8]}"
    storage.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": stack.region})
    made = S3Lake(storage, bucket)
    made.bucket = bucket
    return made


def facts(*numbers):
    return [notification_row(row(number=number, version=1), agency()) for number in numbers]


def test_what_lands_joins_its_day_and_leaves_the_landing(lake):
    lake.land("one", "notifications", DAY, facts("P26-1"))
    lake.land("two", "notifications", DAY, facts("P26-1", "P26-2"))

    assert compact_landing(lake) == 2
    assert len(lake.read_day("notifications", DAY).rows) == 2
    assert list(lake.landed()) == []


def test_what_lands_together_joins_its_days(lake):
    lake.land_together("one", [*facts("P26-1"), update_row(HEARD, agency())])
    lake.land("before", "notifications", DAY, facts("P26-2"))

    assert compact_landing(lake) == 2
    assert [len(lake.read_day(table, DAY).rows) for table in ("notifications", "updates")] == [2, 1]
    assert list(lake.landed()) == []


def test_a_day_is_replaced_only_over_the_object_that_was_read(lake):
    lake.write_day("notifications", DAY, Day(tuple(facts("P26-1"))))
    with pytest.raises(Conflict):
        lake.write_day("notifications", DAY, Day(tuple(facts("P26-2"))))
    read = lake.read_day("notifications", DAY)
    lake.write_day("notifications", DAY, Day(tuple(facts("P26-1", "P26-2")), read.tag))

    with pytest.raises(Conflict):
        lake.write_day("notifications", DAY, Day((), read.tag))
    assert lake.tag("notifications", DAY) == lake.read_day("notifications", DAY).tag != read.tag
    assert lake.tag("notifications", date(2026, 1, 1)) is None


def test_what_people_put_there_is_left_alone_and_a_damaged_day_is_told(lake, storage):
    storage.put_object(Bucket=lake.bucket, Key=f"{LANDING}notes.txt", Body=b"mine")
    storage.put_object(Bucket=lake.bucket, Key=f"{LAKE}updates/dt={DAY}/updates.json.gz", Body=b"no gzip")

    assert list(lake.landed()) == []
    assert lake.read_landed(Landed(f"{LANDING}gone.json.gz", "updates", DAY)) == []
    with pytest.raises(Damaged):
        lake.read_day("updates", DAY)


def rebuild(*arguments):
    return tenfour_in_the_city("lake", "rebuild", *arguments)


def test_a_lost_day_is_written_again_from_dynamodb(stack, inside, storage):
    caller = Caller(stack)
    caller.call()
    caller.hears("we have your call")
    bucket = stack.lake.removeprefix("s3://").split("/")[0]

    def here():
        with tempfile.TemporaryDirectory() as folder:
            download(stack, Path(folder))
            lake = LocalLake(Path(folder))
            today = now().date()
            ours = lake.query(
                f"SELECT kind, state FROM notifications WHERE incident_number = '{caller.number}' ORDER BY 1"
            )
            feed = lake.query(query("feed_health").during(today - DAYS, today + DAYS)).rows
            return ours.rows, bool(feed)

    def settled():
        inside.compact()
        rows, feed = here()
        return dict(rows).get("acknowledgment") == "delivered" and feed

    assert wait_until(settled, every=2)
    today = now().date().isoformat()
    storage.delete_object(Bucket=bucket, Key=f"{LAKE}notifications/dt={today}/notifications.json.gz")
    assert here()[0] == ()

    done = rebuild(today, "--table", "notifications")

    assert (done.returncode, done.stderr) == (0, "")
    assert dict(here()[0])["acknowledgment"] == "delivered"
    late = rebuild("2020-01-01")
    assert (late.returncode, "the only copy" in late.stderr) == (2, True)
