"""A whole city on one machine: the emulator with the packaged stack, carriers, and the agency's own address."""

import fcntl
import queue
import secrets
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec.structs import replace

from chalicelib.carriers.tools import Carriers
from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.athena import COMMENTS
from chalicelib.insight.keys.make import signing_secret
from chalicelib.virtual.carrier import Carrier
from rigs.carrier_simulator import events
from rigs.carrier_simulator.misbehaving import Outbox
from rigs.carrier_simulator.server import Doors
from rigs.city.athena import ENDPOINT, Athena
from rigs.city.cognito import cognito_by_name
from rigs.city.deploy import deploy, warm_up
from rigs.city.emulator import emulator, free_port
from rigs.city.front import LONGEST_WAIT, STAGE, front
from rigs.city.inside import Inside
from rigs.city.lake_copy import LakeCopy
from rigs.city.serve import address, bound_socket, serving
from rigs.city.staff import employ, open_door
from tenfour.common.account import STACK
from tenfour.common.errors import CityFailed
from tenfour.common.reach import REGION, Stack, client
from tenfour.stack.package import here, package
from tenfour.stack.template import merged

CARRIERS = (
    "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2",
    "AWS_ENDPOINT_URL_SESV2",
    "AWS_ENDPOINT_URL_SNS",  # functions publish to phones only; topics are the providers' to publish to
    "TENFOUR_TWILIO_URL",
)
"""The variables by which functions find the simulated carriers."""

PARAMETERS = {
    "CompactSchedule": "rate(1 minute)",
    "ExportWindow": "5",
    "ReceiptWindow": "0",
    "DeskPool": "true",
    "DeskKeys": "true",
}
"""Parameters that a city of minutes sets shorter than an agency, its own Cognito, and keys at the desk."""

STARTS = (("GET", "/health"), ("GET", "/real/nobody"), ("POST", "/carriers/twilio/inbound"), ("GET", "/desk"))
"""A request to each function behind the API, so that nobody waits for the first."""


@contextmanager
def local_city(agency: Agency, state: Path, port: int) -> Iterator[Stack]:
    """Bring a city up, write `stack.json` when all of it is there, and take all of it down again.

    The agency's own address is on `port`, the carriers' on the one after it; 0 is any.
    """
    state.mkdir(parents=True, exist_ok=True)
    told = state / "stack.json"
    with ExitStack() as stack:
        stack.enter_context(_alone(state))
        told.unlink(missing_ok=True)
        packaged = package(here())
        door, carriers = bound_socket(port), bound_socket(port + 1 if port else 0)
        stack.callback(door.close)
        stack.callback(carriers.close)
        endpoints, aws = dict.fromkeys(CARRIERS, address(carriers)), free_port()
        endpoints |= stack.enter_context(cognito_by_name(state, f"http://127.0.0.1:{aws}"))
        outputs: dict[str, str] = {}
        endpoints[ENDPOINT] = stack.enter_context(_athena(f"http://127.0.0.1:{aws}", outputs))
        endpoint = stack.enter_context(emulator(state, aws, endpoints))
        outputs |= deploy(packaged, endpoint, PARAMETERS)
        lock(outputs["LedgerCopies"], endpoint)
        account = TwilioAccount(f"AC{secrets.token_hex(16)}", secrets.token_hex(16))
        outbox = Outbox()
        stack.enter_context(publishing(outbox, outputs, endpoint))
        doors = Doors(Carrier(), outbox, lambda: agency.numbers.sms_from, account, f"{address(door)}/desk/")
        stack.enter_context(serving(doors.app(), carriers))
        api = f"{endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_"
        stack.enter_context(serving(front(api, phones=address(carriers)), door))
        described = _described(agency, address(door), address(carriers), endpoint, outputs)
        described = replace(described, athena=endpoints[ENDPOINT])
        _furnish(described, agency, account, outputs)
        stack.callback(told.unlink, missing_ok=True)
        _write(told, msgspec.json.format(msgspec.json.encode(described)))
        yield described


def _described(agency: Agency, api: str, carrier: str, endpoint: str, outputs: dict[str, str]) -> Stack:
    """Return the city as `stack.json` tells of it, with keys that no other city has."""
    return Stack(
        api=api,
        carrier=carrier,
        aws_endpoint=endpoint,
        agency_id=agency.agency_id,
        webhook_secret=signing_secret(),
        bearer_key=secrets.token_urlsafe(32),
        rms_secret=signing_secret(),
        lake=f"s3://{outputs['Lake']}/lake",
        region=REGION,
        people=employ(endpoint, outputs),
        sandbox_secret=signing_secret(),
        desk=f"{api}/desk/",
    )


def _furnish(described: Stack, agency: Agency, account: TwilioAccount, outputs: dict[str, str]) -> None:
    """Give a city its keys and settings, and start what would be slow to answer first."""
    hand_out_keys(described, outputs["WebhookKeys"])
    keys = msgspec.json.encode(Carriers(twilio=account)).decode()
    secrets_manager = client("secretsmanager", described.aws_endpoint)
    secrets_manager.put_secret_value(SecretId=outputs["Carriers"], SecretString=keys)
    open_door(described.aws_endpoint, outputs, (described.api, f"{described.api}/{STAGE}"))
    Inside(described).publish(agency)
    for method, path in STARTS:
        httpx.request(method, f"{described.api}{path}", timeout=LONGEST_WAIT, trust_env=False)
    warm_up((outputs["Deliver"], outputs["RecordReceipt"]), described.aws_endpoint)


@contextmanager
def _athena(endpoint: str, outputs: Mapping[str, str]) -> Iterator[str]:
    """Serve an Athena over the lake of a city, which `outputs` name once it is there; yield its address."""
    with ExitStack() as stack:
        lake = LakeCopy(endpoint, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tenfour-lake-"))))
        athena = Athena(lambda sql: lake.query(outputs["Lake"], sql), (STACK, f"{STACK}{COMMENTS}"))
        door = bound_socket(0)
        stack.enter_context(serving(athena.app(), door))
        yield address(door)


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the folder: a second city in it would take the first one's files away. CityFailed where one is up."""
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CityFailed(f"another city is running in {state}") from None
        try:
            yield
        finally:
            (state / "lock").unlink(missing_ok=True)


def lock(bucket: str, endpoint: str) -> None:
    """Lock the ledger's copies as the template says: the emulator's CloudFormation leaves it out."""
    wanted = merged()["Resources"]["LedgerCopies"]["Properties"]["ObjectLockConfiguration"]
    retention = {**wanted["Rule"]["DefaultRetention"], "Days": 1}
    client("s3", endpoint).put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={**wanted, "Rule": {"DefaultRetention": retention}}
    )


def hand_out_keys(stack: Stack, secret: str) -> None:
    """Store the keys of the vendors of this city."""
    agencies = [stack.agency_id]
    keys: list[dict[str, object]] = [
        {"name": "cad-signed", "feed": "cad", "agencies": agencies, "secret": stack.webhook_secret},
        {"name": "cad-bearer", "feed": "cad", "agencies": agencies, "bearer": stack.bearer_key},
        {"name": "cad-basic", "feed": "cad", "agencies": agencies, "basic": f"cad:{stack.bearer_key}"},
        {"name": "cad-header", "feed": "cad", "agencies": agencies, "header": stack.bearer_key},
        {"name": "rms-signed", "feed": "rms", "agencies": agencies, "secret": stack.rms_secret},
        {"name": "cad-sandbox", "feed": "cad", "agencies": [], "sandbox": agencies, "secret": stack.sandbox_secret},
    ]
    document = msgspec.json.encode({"webhook_keys": keys}).decode()
    client("secretsmanager", stack.aws_endpoint).put_secret_value(SecretId=secret, SecretString=document)


@contextmanager
def publishing(outbox: Outbox, outputs: dict[str, str], endpoint: str) -> Iterator[None]:
    """Tell what the carriers have to say, one after the other: over SNS, and in Twilio's name over HTTP."""
    topics = {"receipts": outputs["ReceiptsTopic"], "replies": outputs["RepliesTopic"]}
    sns, stop = client("sns", endpoint), threading.Event()

    def publish() -> None:
        while not stop.is_set():
            try:
                topic, event, message = outbox.get(timeout=0.2)
            except queue.Empty:
                continue
            if topic == "twilio":
                _post(event)
            else:
                sns.publish(TopicArn=topics[topic], Message=events.encode(event))
            if message:
                message.status = events.status(event)

    thread = threading.Thread(target=publish, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def _post(event: dict[str, Any]) -> None:
    """Post once, as Twilio does: what fails is not posted again."""
    headers = {"x-twilio-signature": event["signature"]}
    with suppress(httpx.HTTPError):
        httpx.post(event["url"], data=event["fields"], headers=headers, timeout=LONGEST_WAIT, trust_env=False)


def _write(path: Path, content: bytes) -> None:
    """Write a file that is either not there or whole."""
    scratch = path.with_suffix(".tmp")
    scratch.write_bytes(content)
    scratch.rename(path)
