"""Two people by the command, on the running city: its IAM says who is who, and its bucket keeps what they did."""

import json
import shutil
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.approval import Author, shown
from chalicelib.domain.names import IncidentKey
from chalicelib.insight.approval.publishing import publish
from chalicelib.wiring import Aws
from tenfour.common.paths import AGENCIES
from tenfour.common.reach import AS_PERSON, Stack, client, read_stack, tables_of
from tests.command import approve_in_the_city, tenfour
from tests.command import tenfour_in_the_city as in_the_city
from tests.conftest import city_folder
from tests.waiting import wait_until
from tests.whole.people import Caller, now


@pytest.fixture
def held(stack, inside):
    """Return a caller of an incident that is held as sensitive."""
    made = Caller(stack)
    made.call(type_modifier="DOMESTIC")
    assert wait_until(lambda: inside.aws.incidents.load(IncidentKey("springfield", made.number)).version)
    return made


def proposed(held):
    done = in_the_city("settings", "release", held.number, "--what", "sensitive", "--reason", "a street's name")
    assert done.returncode == 0, done.stderr
    return done.stdout


def mine(held):
    waits = json.loads(in_the_city("approve", "--json").stdout)
    return [one for one in waits if held.number in one["words"]]


def test_what_waits_is_listed_and_only_somebody_else_can_approve_it(held):
    said = proposed(held)
    (waits,) = mine(held)
    assert waits["by"] == "arn:aws:iam::000000000000:user/lead"
    assert waits["ends"][0].startswith(f"{held.number} is held as sensitive")
    assert all(line in said for line in waits["ends"])
    assert waits["digest"][:12] in in_the_city("approve").stdout

    own = in_the_city("approve", waits["digest"])
    assert (own.returncode, "another person must approve it" in own.stderr, "Do it?" in own.stdout) == (2, True, False)
    done = approve_in_the_city(said)

    assert done.returncode == 0, done.stderr
    assert "this ends: " in done.stdout
    assert mine(held) == []
    again = approve_in_the_city(said)
    assert (again.returncode, "nothing waits as" in again.stderr) == (2, True)
    assert "user/lead and user/second let go" in " ".join(in_the_city("explain", held.number).stdout.split())


def test_each_step_is_copied_to_where_nobody_can_delete_it(stack, inside, held):
    said = proposed(held)
    (waits,) = mine(held)
    approve_in_the_city(said)
    bucket, storage = inside.outputs["LedgerCopies"], client("s3", stack.aws_endpoint)

    def copies():
        found = storage.list_objects_v2(Bucket=bucket, Prefix="ledger/springfield/").get("Contents", ())
        return sorted(item["Key"] for item in found if waits["digest"] in item["Key"])

    assert wait_until(lambda: len(copies()) == 3)
    assert [name.rpartition("/")[2] for name in copies()] == ["approved.json", "done.json", "proposed.json"]
    entry = json.loads(storage.get_object(Bucket=bucket, Key=copies()[1])["Body"].read())
    assert (entry["by"], entry["act"]["ends"]) == ("arn:aws:iam::000000000000:user/second", waits["ends"])
    (version,) = storage.list_object_versions(Bucket=bucket, Prefix=copies()[1])["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        storage.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


def test_settings_that_end_a_protection_wait_and_stricter_ones_do_not(inside, tmp_path):
    demo = (AGENCIES / "demo.toml").read_text()
    shutil.copy(AGENCIES / "demo.judgements.csv", tmp_path)
    file, other = tmp_path / "springfield.toml", f"a{uuid4().hex[:8]}"
    number = f"+1{uuid4().int % 10**10:010}"
    theirs = demo.replace('agency_id = "springfield"', f'agency_id = "{other}"').replace("+13035550199", number)
    file.write_text(theirs)

    first = in_the_city("settings", "publish", file, "--comment", "first")
    assert "this ends: shadow ends" in first.stdout, first
    assert inside.aws.settings.version(other, 1) is None
    file.write_text(theirs.replace('mode = "live"', 'mode = "shadow"'))
    begun = in_the_city("settings", "publish", file, "--comment", "in shadow")
    assert begun.stdout.startswith(f"{other}: version 1, shadow"), begun
    late = approve_in_the_city(first.stdout, "--agency", other)
    assert (late.returncode, "has changed since" in late.stderr) == (2, True)
    file.write_text(theirs)
    said = in_the_city("settings", "publish", file, "--comment", "live").stdout
    done = approve_in_the_city(said, "--agency", other)

    assert f"{other}: version 2, live" in done.stdout, done
    history = json.loads(in_the_city("settings", "history", "--agency", other, "--json").stdout)
    assert [(one["version"], shown(one["author"])) for one in history] == [
        (2, "user/lead and user/second"),
        (1, "user/lead"),
    ]


def test_a_brake_works_although_the_ledgers_table_is_gone(stack, inside):
    """The account's root pulls it; an act that takes two people is not done."""
    ours = inside.aws.settings.agency("springfield")
    number = f"+1{uuid4().int % 10**10:010}"
    ours = replace(ours, agency_id=f"a{uuid4().hex[:8]}", numbers=replace(ours.numbers, sms_from=number))
    begun = inside.aws.settings.publish(ours, "R. Lead", "first", now())
    gone = replace(inside.aws.config, ledger_table="gone")

    def aws(who):
        return Aws(gone, now, inside.client, tables_of(stack), caller=lambda: who)

    root, lead = "arn:aws:iam::000000000000:root", "arn:aws:iam::000000000000:user/lead"
    stopped = publish(aws(root), replace(begun, mode="shadow"), Author(root), "stop", now())
    assert (stopped.version, stopped.mode) == (2, "shadow")
    with pytest.raises(PynamoDBException):
        publish(aws(lead), replace(begun, mode="live"), Author(lead), "go on", now())
    assert [one.author for one in inside.aws.settings.history(ours.agency_id)] == [root, "R. Lead"]


@pytest.mark.parametrize("people", [(), None])
def test_who_is_nobody_proposes_nothing_and_can_still_brake(stack, held, tmp_path, monkeypatch, people):
    told: Stack = read_stack(city_folder() / "stack.json")
    file = tmp_path / "stack.json"
    file.write_bytes((city_folder() / "stack.json").read_bytes())
    if people is None:
        monkeypatch.setenv(AS_PERSON, "cy")
    else:
        file.write_text(json.dumps({**json.loads(file.read_text()), "people": []}))

    release = ("settings", "release", held.number, "--what", "sensitive", "--reason", "x", "--stack", str(file))
    refused = tenfour(*release)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert f"{AS_PERSON}: " in refused.stderr
    assert {"lead", "second"} < {person.name for person in told.people}
