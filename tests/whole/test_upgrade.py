"""A version in the place of another while messages are in flight, and the way back: nothing lost, nothing twice."""

import json
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.session import Session
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from rigs.city.city import PARAMETERS, local_city
from rigs.city.deploy import upgrade
from rigs.city.inside import Inside
from tenfour.common.reach import client
from tenfour.stack.package import Package, here, package
from tests.factories import demo_agency
from tests.waiting import LONGEST, wait_until
from tests.whole.people import Caller, now, web
from tests.whole.release_before import release_before

EACH = 4
MOST_AT_WORK = 6
"""Messages that may be just between claim and answer when functions are killed: some workers, two changes."""

IN_DOUBT = (State.SENDING, State.UNKNOWN)
DEAD = ("HintsDead", "ReceiptsDead", "RepliesDead", "ExportDead")


@pytest.fixture(scope="module", params=["a version later", "the release before"])
def other_version(request, tmp_path_factory):
    if request.param == "a version later":
        return later_version(tmp_path_factory.mktemp("next"))
    return release_before()


def later_version(folder):
    """The same stack a version later: other code in every function, more memory, a setting, a table's index kept."""
    current = package(here())
    later = Package(folder / "template.json", folder / "code.zip")
    later.code.write_bytes(current.code.read_bytes())
    with zipfile.ZipFile(later.code, "a") as code:
        code.writestr("VERSION", "the next one")
    template = json.loads(current.template.read_text())
    template["Globals"]["Function"]["Environment"]["Variables"]["TENFOUR_VERSION"] = "next"
    for each in template["Resources"].values():
        if each["Type"] == "AWS::Serverless::Function":
            each["Properties"]["MemorySize"] += 128
    later.template.write_text(json.dumps(template))
    return later


def code_of(stack):
    found = client("lambda", stack.aws_endpoint).list_functions()["Functions"]
    return {each["CodeSha256"] for each in found}


@pytest.mark.whole
def test_a_version_and_its_return_lose_nothing_and_send_nothing_twice(other_version, tmp_path):
    """The emulator kills functions at work, which AWS lets end: what was being sent then is in doubt, and says so."""
    with local_city(demo_agency(), tmp_path, 0) as stack:
        callers, before, inside, reached = [], code_of(stack), Inside(stack), stack
        cookie, seen = sit_down(inside), []
        with ThreadPoolExecutor(EACH) as pool:
            for version in (None, other_version, package(here())):
                callers += pool.map(calling, [reached] * EACH)
                if version:  # acknowledgments are on their way, delay notices are due in the middle of it
                    reached = at_its_api(stack, upgrade(version, stack.aws_endpoint, PARAMETERS))
                    assert (code_of(stack) == before) == (version is not other_version)
                    seen.append(at_the_desk(reached, cookie))

        every_row_is_tried = lambda: all(is_tried(row) for row in rows(inside, callers))  # noqa: E731
        assert wait_until(every_row_is_tried, every=2, longest=3 * LONGEST), rows(inside, callers)
        states = Counter(row.state for row in rows(inside, callers))
        assert sum(states.values()) == 2 * len(callers) == 2 * 3 * EACH
        assert set(states) <= {State.DELIVERED, State.SENT, *IN_DOUBT}
        assert sum(states[state] for state in IN_DOUBT) <= MOST_AT_WORK
        for caller in callers:
            delayed = ["delayed" in body for body in caller.bodies()]
            assert delayed.count(True) <= 1, caller.bodies()
            assert delayed.count(False) <= 1, caller.bodies()
        assert left_over(stack) == {}
        assert seen == ([401, 401] if has_no_desk(other_version) else [200, 200])


def has_no_desk(version):
    return "DeskPages" not in json.loads(version.template.read_text())["Resources"]


def sit_down(inside):
    """Open a session at the desk; return its cookie."""
    cookie, at = uuid4().hex, now()
    session = Session(
        hash=hashed(cookie),
        issuer="https://idp.example",
        subject="somebody",
        groups={"cognito:groups": ("supervisor",)},
        began_at=at,
        acted_at=at,
        signed_in_at=at,
    )
    inside.aws.sessions.open(session, at + timedelta(hours=12))
    return cookie


def at_the_desk(stack, cookie):
    """Return how the desk answers somebody who sat there before; a release without one has no such address."""
    answer = web.get(f"{stack.api}/desk/sessions", headers={"Cookie": f"__Host-desk={cookie}"})
    return 401 if answer.status_code == 403 else answer.status_code


def at_its_api(stack, outputs):
    """Return the stack with the API's address: the emulator makes another API where AWS changes the one there is."""
    return replace(stack, api=f"{stack.aws_endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_")


def is_tried(row):
    """Tell whether a row has gone, or is in doubt: leases, and receipts that a killed function had, take minutes."""
    return bool(row.attempts) and row.state is not State.SCHEDULED


def rows(inside, callers):
    keys = [IncidentKey("springfield", caller.number) for caller in callers]
    found = [row for key in keys for row in inside.aws.incidents.load(key).rows.values()]
    return [row for row in found if row.key.kind in (Kind.ACKNOWLEDGMENT, Kind.DELAY)]


def calling(stack, incident_type="NOISE"):
    """Call, and let the dispatch system say it again until it is taken, as vendors do."""
    caller, at = Caller(stack), now()
    party = {"party_id": "1", "role": "caller", "contact_kind": "personal", "phone": caller.phone}
    update = {"incident_number": caller.number, "as_of": at, "incident_type": incident_type, "received_at": at}
    answers = (caller.cad.post([{**update, "reporting_parties": [party]}], f"msg_{caller.number}") for _ in range(5))
    assert any(answer.status_code == 202 or time.sleep(1) for answer in answers)
    return caller


def left_over(stack):
    """Return the queues in which something is dead."""
    sqs, found = client("sqs", stack.aws_endpoint), {}
    listed = client("cloudformation", stack.aws_endpoint).describe_stack_resources(StackName="tenfour")
    for each in listed["StackResources"]:
        if each["LogicalResourceId"].endswith("Dead"):
            url = each["PhysicalResourceId"]
            told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
            found[each["LogicalResourceId"]] = int(told["ApproximateNumberOfMessages"])
    assert set(found) >= set(DEAD)
    return {name: count for name, count in found.items() if count}
