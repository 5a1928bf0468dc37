"""Where faults are tried: the emulator with stacks' storage and no functions, the carriers, a proxy before each."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.virtual.carrier import Carrier, Network
from rigs.carrier_simulator.misbehaving import Outbox
from rigs.carrier_simulator.server import Doors
from rigs.city.emulator import die_with_parent, emulator, free_port
from rigs.city.serve import address, bound_socket, serving
from tenfour.common.errors import CityFailed
from tenfour.rehearse.vendor import wait_until

TWILIO = TwilioAccount("AC0", "token")
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
