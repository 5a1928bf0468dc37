"""Where faults are tried: the emulator with stacks' storage and no functions, the carriers, a proxy before each."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from chalicelib.carriers.tools import Carriers, TwilioAccount
from chalicelib.config import Config
from chalicelib.virtual.carrier import Carrier, Network
from rigs.city.carrier.server import Doors, Outbox
from rigs.city.emulator import die_with_parent, emulator, free_port
from rigs.city.serve import address, bound_socket, serving
from tenfour.common.errors import CityFailed
from tenfour.common.paths import RESOURCES
from tenfour.common.reach import REGION, client
from tenfour.rehearse.vendor import wait_until

TABLES = ("Incidents", "Contacts", "Surveys", "Settings")
TWILIO = TwilioAccount("AC0", "token")
ROOT_KEY = "not secret: it is made for an afternoon"
_READY_WITHIN = 600

Rule = dict[str, Any]


class Ways(Struct, frozen=True):
    """Where functions find AWS and the carriers."""

    aws: str
    carriers: str


class Place(Struct, frozen=True):
    """The ways to AWS and to the carriers, straight and by proxies where calls break, and the carriers themselves."""

    straight: Ways
    faulty: Ways
    proxies: tuple["Proxy", ...]
    carrier: Carrier
    outbox: Outbox


class Proxy(Struct, frozen=True):
    """A microburst in front of something."""

    url: str

    def rules(self, rules: Sequence[Rule]) -> None:
        """Break calls by these rules from now on."""
        httpx.post(
            f"{self.url}/_microburst/rules", json=list(rules), timeout=_READY_WITHIN, trust_env=False
        ).raise_for_status()

    def requests(self) -> int:
        """Return how many calls came by."""
        told = httpx.get(f"{self.url}/_microburst/health", timeout=_READY_WITHIN, trust_env=False).json()
        return int(told["requests_seen"])

    def fired(self) -> dict[tuple[str, str], int]:
        """Return how often which service's calls were broken in which way."""
        text = httpx.get(f"{self.url}/_microburst/metrics", timeout=_READY_WITHIN, trust_env=False).text
        counted: dict[tuple[str, str], int] = {}
        for line in text.splitlines():
            name, _, rest = line.partition("{")
            if name == "microburst_faults_total":
                labels, _, number = rest.partition("} ")
                told = dict(label.split("=", 1) for label in labels.split(","))
                key = told["service"].strip('"'), told["action"].strip('"')
                counted[key] = counted.get(key, 0) + int(number)
        return counted


@contextmanager
def placed(state: Path) -> Iterator[Place]:
    """Bring the place up, and take all of it down again."""
    with ExitStack() as stack:
        aws = stack.enter_context(emulator(state, free_port(), {}))
        door, outbox, carrier = bound_socket(0), Outbox(), Carrier()
        carrier.network = Network(disorder=True)
        doors = Doors(carrier, outbox, lambda: "", TWILIO)
        straight = Ways(aws, address(door))
        proxies = tuple(stack.enter_context(proxy(upstream, state)) for upstream in (aws, straight.carriers))
        stack.enter_context(serving(doors.app(), door))
        yield Place(straight, Ways(*(one.url for one in proxies)), proxies, carrier, outbox)


@contextmanager
def proxy(upstream: str, state: Path) -> Iterator[Proxy]:
    """Run a microburst before an address; CityFailed."""
    made = Proxy(f"http://127.0.0.1:{(port := free_port())}")
    command = [str(Path(sys.executable).with_name("microburst")), "--upstream", upstream, "--port", str(port)]
    with (state / f"microburst-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
        )
    try:
        if not wait_until(lambda: _answers(made) or process.poll() is not None, _READY_WITHIN) or process.poll():
            raise CityFailed(f"microburst did not start; its log is {log.name}")
        yield made
    finally:
        process.kill()  # it keeps nothing, and asked politely it waits for its clients
        process.wait()


def _answers(made: Proxy) -> bool:
    try:
        return httpx.get(f"{made.url}/_microburst/health", timeout=_READY_WITHIN, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def furnish(aws: str, name: str) -> Config:
    """Make a stack's tables as the template has them, a queue, a bucket and secrets; return what they are called."""
    declared = json.loads(RESOURCES.read_text())["Resources"]
    database, secrets = client("dynamodb", aws), client("secretsmanager", aws)
    for table in TABLES:
        wanted = declared[table]["Properties"]
        shape = {key: wanted[key] for key in ("BillingMode", "AttributeDefinitions", "KeySchema")}
        shape |= {key: wanted[key] for key in ("GlobalSecondaryIndexes",) if key in wanted}
        if "StreamSpecification" in wanted:  # CloudFormation asks for less than the API
            shape["StreamSpecification"] = {**wanted["StreamSpecification"], "StreamEnabled": True}
        database.create_table(TableName=f"{name}-{table}", **shape)
    client("s3", aws).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    secrets.create_secret(Name=f"{name}-root", SecretString=ROOT_KEY)
    secrets.create_secret(Name=f"{name}-carriers", SecretString=msgspec.json.encode(Carriers(twilio=TWILIO)).decode())
    named = dict.fromkeys(Config.__struct_fields__, name) | {"region": REGION, "lake_bucket": name}
    named |= {f"{table.lower()}_table": f"{name}-{table}" for table in TABLES}
    named |= {"root_key_secret": f"{name}-root", "carriers_secret": f"{name}-carriers"}
    return Config(**named | {"hints_queue": client("sqs", aws).create_queue(QueueName=name)["QueueUrl"]})
