"""Looks and acts on the running city: noted by commands, copied to the locked bucket, read and purged."""

import csv
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from chalicelib.domain.ledger.noted import Noted
from chalicelib.domain.ledger.what import What
from chalicelib.insight.ledger.read import Asked, read
from tenfour.common.reach import client
from tests.command import approve_in_the_city
from tests.command import done_in_the_city as done
from tests.waiting import wait_until
from tests.whole.people import acknowledged

LEAD = "arn:aws:iam::000000000000:user/lead"


@pytest.fixture
def caller(stack):
    return acknowledged(stack)


@pytest.fixture
def copied(stack, inside):
    """Return the copies of looks and acts in the locked bucket that hold some words."""
    bucket, files = inside.outputs["LedgerCopies"], client("s3", stack.aws_endpoint)

    def read_copies(words):
        pages = files.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="ledger/springfield/noted/")
        names = [one["Key"] for page in pages for one in page.get("Contents", ())]
        bodies = (files.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names)
        return [msgspec.json.decode(body, type=Noted) for body in bodies if words.encode() in body]

    return read_copies


def test_a_search_and_a_reveal_by_command_are_noted_copied_once_and_never_by_phone(inside, caller, copied, tmp_path):
    person = inside.aws.contacts.reference(caller.phone).keyed_hash[:12]
    done("contact", "show", caller.phone)
    done("explain", caller.number, "--reveal", "--reason", "request 26-104")

    assert wait_until(lambda: copied(f"person {person}") and copied(f"incident {caller.number}"))
    (searched,), (revealed,) = copied(f"person {person}"), copied(f"incident {caller.number}")
    assert (searched.what, searched.by) == (What.SEARCHED, LEAD)
    assert (revealed.what, revealed.by, revealed.ticket) == (What.REVEALED, LEAD, "request 26-104")
    out = tmp_path / "ledger.csv"
    done("records", "audit", "--by", "user/lead", "--csv", str(out))
    rows = [row for row in csv.DictReader(out.open()) if row["about"] in (searched.about, revealed.about)]
    assert [row["what"] for row in rows] == ["revealed", "searched"]
    assert caller.phone not in out.read_text()
    assert caller.phone[-10:] not in out.read_text()


def test_an_order_of_two_people_purges_and_the_copies_stay(inside, copied):
    """The day is one that no other run of this test has."""
    day = datetime(2020, 1, 1, 12, tzinfo=UTC) + timedelta(days=uuid4().int % 1500)
    name = f"P20-{uuid4().hex[:8]}"
    old = Noted(at=day, agency_id="springfield", by=LEAD, what=What.LOOKED, about=f"incident {name}")
    inside.aws.ledger.note(old)
    assert wait_until(lambda: copied(name) == [old])

    on = f"{day:%Y-%m-%d}"
    said = done("records", "purge", "--from", on, "--to", on, "--reason", "order 26-9")
    assert "1 looks and acts" in said
    approved = approve_in_the_city(said)
    assert approved.returncode == 0, approved.stderr

    of_day = Asked(agency_id="springfield", since=day - timedelta(hours=1), until=day + timedelta(hours=1))
    assert read(inside.aws, of_day).lines == ()
    purges = read(inside.aws, Asked(agency_id="springfield", until=datetime.now(UTC), what=What.PURGED)).lines
    told = [(line.step or "noted", line.who) for line in purges if line.about == f"{on} to {on}"]
    assert sorted(told) == [
        ("approved", "user/second"),
        ("done", "user/second"),
        ("noted", "user/lead and user/second"),
        ("proposed", "user/lead"),
    ]
    assert copied(name) == [old]
