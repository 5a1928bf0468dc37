"""Holds, exports and erasures by the command, on the running city; each leaves a name and a reason."""

import json
import re
from datetime import timedelta

import pytest

from chalicelib.aws.document import plain
from chalicelib.domain.lake.row_names import row_name
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.domain.surveys.token import token_hash
from chalicelib.insight.records.person import ON_THEIR_WAY, erase_person
from chalicelib.insight.records.subject import find_person
from tenfour.common.reach import client
from tests.command import approve_in_the_city
from tests.command import done_in_the_city as done
from tests.command import tenfour_in_the_city as tenfour
from tests.waiting import wait_until
from tests.whole.people import LINK, Caller, acknowledged, now, web

WHY = ("--reason", "request 26-104")
CLERK = "arn:aws:iam::000000000000:user/lead"


@pytest.fixture
def caller(stack):
    return acknowledged(stack)


@pytest.fixture
def partition(stack, inside):
    """Return an incident's items as DynamoDB has them."""
    database = client("dynamodb", stack.aws_endpoint)

    def read(number):
        key = {":pk": {"S": f"springfield#{number}"}}
        found = database.query(
            TableName=inside.outputs["Incidents"], KeyConditionExpression="pk = :pk", ExpressionAttributeValues=key
        )
        return [{**item, **_told(item)} for item in found["Items"]]

    return read


def _told(item):
    """Return an item's document as it is; long ones are compressed."""
    return {"document": {"S": plain(item["document"]["S"]).decode()}} if "document" in item else {}


@pytest.fixture
def expiring(stack, inside):
    """Return whether each rejected update of an incident expires."""
    database = client("dynamodb", stack.aws_endpoint)

    def read(number):
        found = database.query(
            TableName=inside.outputs["Incidents"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "!rejected#springfield"}},
        )
        return ["expires" in item for item in found["Items"] if number in _told(item)["document"]["S"]]

    return read


def without_secrets(caller):
    """Return what a person was sent as it is kept: a code is a secret between them and the agency, as a link is."""
    return [re.sub(r"Code \w+", "Code …", body) for body in caller.bodies()]


def refused(inside, caller):
    """Post an update of the caller's that can't be taken, and return what is kept of it."""
    party = {"party_id": "1", "phone": caller.phone}
    wrong = {"incident_number": caller.number, "as_of": now(), "received_at": "soon", "reporting_parties": [party]}
    assert caller.cad.post([wrong]).status_code == 422
    return [document for document in inside.aws.rejects.kept("springfield") if caller.number in document]


def test_nothing_of_an_incident_expires_under_a_hold_until_it_is_lifted(inside, caller, partition, expiring):
    refused(inside, caller)
    assert all("expires" in item for item in partition(caller.number))
    assert expiring(caller.number) == [True]

    assert done("hold", caller.number, *WHY) == f"held: {caller.number}\n"
    assert not [item["sk"]["S"] for item in partition(caller.number) if "expires" in item]
    assert expiring(caller.number) == [False]
    caller.tell(dispositions=["HAN"], closed_at=now(), arrived_at=now())
    caller.hears("have finished with your call")
    assert not [item["sk"]["S"] for item in partition(caller.number) if "expires" in item]
    assert "user/lead keeps all of it" in " ".join(done("explain", caller.number).split())

    assert caller.number in done("hold", "--list")
    done("hold", caller.number, "--lift", *WHY)
    assert caller.number not in done("hold", "--list")
    assert all("expires" in item for item in partition(caller.number))
    assert expiring(caller.number) == [True]
    again = tenfour("hold", caller.number, "--lift", *WHY)
    assert (again.returncode, again.stderr) == (2, f"nothing holds {caller.number} under that name\n")


def test_a_person_under_hold_is_kept_with_what_they_text_back_and_can_not_be_erased(stack, inside, caller, partition):
    caller.says("My neighbour is at it again")
    hashed = inside.aws.contacts.reference(caller.phone).keyed_hash

    def kept():
        return [reply for reply in inside.aws.contacts.replies("springfield") if reply.keyed_hash == hashed]

    assert wait_until(kept)
    told = done("hold", caller.phone, *WHY)
    assert "on 1 incident" in told
    assert caller.phone not in told

    assert not [item for item in partition(caller.number) if "expires" in item]
    replies = client("dynamodb", stack.aws_endpoint).query(
        TableName=inside.outputs["Contacts"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "!replies#springfield"}},
    )["Items"]
    assert ["expires" in item for item in replies if item["sk"]["S"].endswith(hashed)] == [False]
    erased = tenfour("person", "erase", caller.phone, *WHY)
    assert (erased.returncode, erased.stderr.startswith("a legal hold keeps")) == (2, True)

    done("hold", caller.phone, "--lift", *WHY)
    assert all("expires" in item for item in partition(caller.number))


def test_a_record_for_the_public_has_each_text_as_it_was_sent_and_nobody_in_it(caller, tmp_path):
    (text,) = without_secrets(caller)
    done("records", "export", caller.number, "--out", str(tmp_path / "record.txt"), *WHY)
    done("records", "export", caller.number, "--out", str(tmp_path / "record.json"), "--json", *WHY)

    page = (tmp_path / "record.txt").read_text()
    assert "request 26-104" in page
    assert max(map(len, page.splitlines())) <= 80
    record = json.loads((tmp_path / "record.json").read_text())
    assert text in [moment.get("text") for moment in record["incident"]["moments"]]
    assert "the incident is open" in record["look_before_release"]
    assert caller.phone not in page + json.dumps(record)
    assert (tmp_path / "record.txt").stat().st_mode & 0o077 == 0
    audit = json.loads(done("records", "audit", "--json"))
    mine = [item for item in audit if item["about"] == f"incident {caller.number}"]
    told = [(item["what"], item["author"], item["reason"]) for item in mine]
    assert told == [("exported", CLERK, "request 26-104")] * 2


def test_a_person_sees_all_that_is_kept_and_what_is_erased_is_nowhere(stack, inside, caller, partition, tmp_path):
    assert refused(inside, caller)
    caller.tell(arrived_at=now(), closed_at=now(), dispositions=["HAN"])
    caller.hears("have finished with your call")
    out = tmp_path / "person.json"
    done("person", "export", caller.phone, "--out", str(out), *WHY)
    told = json.loads(out.read_text())
    assert told["address"] == caller.phone
    (mine,) = told["incidents"]
    # A survey's link is a secret between the agency and one person: what is stored does not have it.
    texts = {message["text"] for message in mine["messages"] if message["sent_at"] and message["kind"] != "survey"}
    assert len(texts) > 1
    assert texts <= set(without_secrets(caller))

    said = done("person", "erase", caller.phone, *WHY)
    assert re.search(r"tenfour approve \w+ --address 'PHONE OR EMAIL'\n", said), said
    wrong = approve_in_the_city(said, "--address", Caller(stack).phone)
    assert (wrong.returncode, "somebody else than the person of this proposal" in wrong.stderr) == (2, True)
    assert caller.phone in json.dumps(partition(caller.number))
    erased = approve_in_the_city(said, "--address", caller.phone)
    assert erased.returncode == 0, erased.stderr
    shown = said + erased.stdout

    assert caller.phone not in shown
    assert caller.phone not in json.dumps(partition(caller.number))
    assert not [document for document in inside.aws.rejects.kept("springfield") if caller.number in document]
    record = inside.aws.incidents.load(IncidentKey("springfield", caller.number))
    assert record.incident.facts.dispositions == ("HAN",)
    caller.tell(beat="612")
    audit = json.loads(done("records", "audit", "--json"))
    assert caller.phone not in json.dumps(audit)
    assert caller.phone[-4:] not in {word.strip("(…)") for item in audit for word in item["about"].split()}
    erased = [item for item in audit if (item["what"], item["source"]) == ("erased", "audit")]
    exported = {item["about"] for item in audit if item["what"] == "exported"}
    assert exported & {item["about"] for item in erased if item["author"].endswith("user/second")}


def test_what_they_answered_is_held_and_erased_with_all_that_it_led_to(stack, inside, caller):
    caller.tell(arrived_at=now(), closed_at=now(), dispositions=["HAN"])
    link = LINK.search(caller.hears("/s/")["body"])[0]
    form = {"overall": "1", "comment": "Nobody came. Please call me."}
    assert web.post(link, data=form).status_code == 200
    name = token_hash(link.rpartition("/")[2])

    def led_to():
        found = inside.aws.follow_ups.of("springfield", Desk.SUPERVISORS)
        return [one for one in found if one.incident_number == caller.number]

    def in_the_lake():
        inside.compact()
        rows = inside.aws.lake.read_day("comments", now().date()).rows
        return [row.comment for row in rows if row.id == row_name(name, "comment")]

    assert inside.aws.surveys.load(name).keep_until
    assert {one.because for one in led_to()} == {"low_score", "contact"}
    done("hold", caller.number, *WHY)
    assert inside.aws.surveys.load(name).keep_until is None
    assert web.post(link, data={"overall": "2"}).status_code == 200
    assert inside.aws.surveys.load(name).keep_until is None
    done("hold", caller.number, "--lift", *WHY)
    assert inside.aws.surveys.load(name).keep_until

    assert wait_until(in_the_lake, every=2)
    early = tenfour("person", "erase", caller.phone, *WHY)
    assert (early.returncode, "on its way to the lake" in early.stderr) == (2, True)
    assert led_to()
    person = find_person(inside.aws, inside.aws.settings.agency("springfield"), caller.phone)
    assert erase_person(inside.aws, person, now() + ON_THEIR_WAY)["answers"] == 1
    assert (inside.aws.surveys.load(name), led_to(), in_the_lake()) == (None, [], [])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["hold", "NOSUCH-1", *WHY], "no incident of that number"),
        (["hold", "NOSUCH-1"], "say whom or what, and --reason; or --list"),
        (["hold", "NOSUCH-1", "--reason", " "], "expected 1 to 200 characters"),
        (["person", "erase", "nobody", *WHY], "neither a phone that can be texted nor an email"),
        (["records", "export", "NOSUCH-1", "--out", "x", *WHY], "has no incident 'NOSUCH-1'"),
    ],
)
def test_bad_usage_is_one_line(stack, words, says):
    finished = tenfour(*words)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert says in finished.stderr


def test_who_is_erased_is_still_not_written_to_after_stop(inside, caller):
    caller.says("STOP")
    day = now().date()
    assert wait_until(lambda: inside.aws.contacts.load("springfield", caller.phone, day).opted_out)

    said = done("person", "erase", caller.phone, *WHY)
    assert approve_in_the_city(said, "--address", caller.phone).returncode == 0

    assert inside.aws.contacts.load("springfield", caller.phone, day + timedelta(days=1)).opted_out
