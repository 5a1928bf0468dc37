"""How many texts one person got: for each provider, each outcome of the call, and a crash at each step around it.

Real SDK clients call the simulated carriers over HTTP, and receipts come back in the providers' own formats.
The flows are those of Lambda; only the tables are in memory and the clock jumps. A crash is the end of
the function: nothing after it runs, and the next hint or sweep finds what it left.
"""

import json
import queue
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.carriers.events import read_receipt
from chalicelib.carriers.twilio.events import TwilioPost
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import MAY_REPEAT, Notification
from chalicelib.domain.settings.providers import Providers
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, agency, call, caller
from tests.waiting import wait_until

ARRANGEMENTS = (
    ("end_user_messaging",),
    ("twilio",),
    ("ses",),
    ("end_user_messaging", "twilio"),
    ("sns",),
)
KINDS = (Kind.ACKNOWLEDGMENT, Kind.CASE_NUMBER)
"""One that goes at most once, and one that is tried again."""

OUTCOMES = {
    "taken": {},
    "taken, not delivered": {"behaviour": "fail"},
    "taken, answered slowly": {"answer": "slow"},
    "taken, no answer in time": {"answer": "late"},
    "taken, the answer breaks off": {"behaviour": "accept_then_drop"},
    "taken, a page for an answer": {"answer": "page"},
    "not taken, no answer in time": {"behaviour": "timeout"},
    "not taken, an error of its own": {"answer": "trouble"},
    "not taken, a code without a word": {"answer": "gateway"},
    "not taken, throttled": {"behaviour": "throttle"},
    "not taken, not reached": {"unreachable": True},
}
CRASHES = ("none", "before claim", "after claim", "before call", "after call", "before note", "after note")
AREAS = (303, 720, 970, 719, 206, 425, 415, 619, 858)
HORIZON = timedelta(days=2)


class Crash(BaseException):
    """The function is gone."""


@dataclass
class Case:
    """One cell: what is sent how, and what becomes of it; `got` is how many the person has."""

    providers: tuple[str, ...]
    kind: Kind
    outcome: str
    crash: str
    address: str
    got: int = 0
    row: Notification | None = None

    @property
    def may_be_lost(self) -> bool:
        """Tell whether the promise allows that the person got nothing."""
        in_doubt = self.outcome.startswith("not taken") and self.outcome.split(", ")[1] in _LEAVES_DOUBT
        undelivered = self.outcome == "taken, not delivered"
        once = self.kind not in MAY_REPEAT or "sns" in self.providers
        claimed_and_not_called = self.crash in ("after claim", "before call")
        return undelivered or (once and (in_doubt or claimed_and_not_called or self._failure_not_noted))

    @property
    def _failure_not_noted(self) -> bool:
        return self.outcome.startswith("not taken") and self.crash in ("after call", "before note")


_LEAVES_DOUBT = {"no answer in time", "an error of its own", "a code without a word"}


@dataclass
class Fault:
    """A crash that is still to come."""

    at: str
    called: bool = False

    def here(self, step: str) -> None:
        """Crash, once, if this is the step."""
        if self.at == step:
            self.at = "none"
            raise Crash


class DyingIncidents:
    """The port `Incidents`; the claim, and the first note after a call, are where functions die."""

    def __init__(self, inner: Any, fault: Fault) -> None:
        self._inner, self._fault = inner, fault

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def claim(self, row: Notification, claim: Any) -> Notification:
        self._fault.here("before claim")
        claimed = self._inner.claim(row, claim)
        self._fault.here("after claim")
        return claimed

    def put(self, row: Notification, *attention: Any) -> Notification:
        if self._fault.called:
            self._fault.here("before note")
        written = self._inner.put(row, *attention)
        if self._fault.called:
            self._fault.here("after note")
        return written


@dataclass
class DyingSender:
    """The port `Sender`; the first call to the first provider may go by another sender, and be waited for."""

    inner: Any
    fault: Fault
    first: Any = None
    done: Any = None

    @property
    def tells(self) -> bool:
        return self.inner.tells

    def send(self, outgoing: Any) -> Any:
        self.fault.here("before call")
        sender, self.first, done, self.done = self.first or self.inner, None, self.done, None
        self.fault.called = True
        try:
            return sender.send(outgoing)
        finally:
            assert not done or wait_until(done), "the carrier did not take what was sent"
            self.fault.here("after call")


@dataclass
class Mailbox:
    """Receipts that the carriers sent, by address, as they reach `record_receipt`."""

    outbox: Any
    waiting: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, address: str) -> list[str]:
        with self.lock:
            while True:
                try:
                    topic, event, message = self.outbox.get_nowait()
                except queue.Empty:
                    return self.waiting.pop(address, [])
                self.waiting[message.to].append(_posted(event, message) if topic == "twilio" else json.dumps(event))


def _posted(event: dict[str, Any], message: Any) -> str:
    post = TwilioPost(twilio=dict(event["fields"]), at=NOW, notification=message.reference)
    return msgspec.json.encode(post).decode()


def cases() -> Iterator[Case]:
    """Yield every case, each about a person of their own."""
    crosses = product(ARRANGEMENTS, KINDS, OUTCOMES, CRASHES)
    for number, (providers, kind, outcome, crash) in enumerate(crosses):
        phone = f"+1{AREAS[number // 100]}55501{number % 100:02}"
        address = f"person{number}@people.example" if providers == ("ses",) else phone
        yield Case(providers, kind, outcome, crash, address)


def play(case: Case, simulator: Any, nowhere: Any, mailbox: Mailbox) -> Case:
    """Let one person call, and everything happen that follows."""
    how, fault = OUTCOMES[case.outcome], Fault(case.crash)
    if "behaviour" in how:
        simulator.carrier.set_behaviour(case.address, how["behaviour"], 1)
    if "answer" in how:
        simulator.carrier.set_answer(case.address, how["answer"], 1)
    ports = _ports(case, simulator, nowhere, fault)
    _tell(case, ports)
    _let_happen(case, ports, simulator, mailbox)
    taken = len(simulator.carrier.messages(case.address))
    case.got = taken - 1 if taken and case.outcome == "taken, not delivered" else taken
    return case


def _ports(case: Case, simulator: Any, nowhere: Any, fault: Fault) -> MemoryPorts:
    channel = "email" if case.providers == ("ses",) else "sms"
    ports = MemoryPorts(agency(providers=Providers(**{channel: case.providers})), beating=True)
    ports.incidents = DyingIncidents(ports.incidents, fault)
    ports.senders = {name: DyingSender(simulator.senders[name], fault) for name in case.providers}
    first = ports.senders[case.providers[0]]
    if "unreachable" in OUTCOMES[case.outcome]:
        first.first = nowhere[case.providers[0]]
    elif case.outcome.endswith("no answer in time"):
        first.first = simulator.impatient[case.providers[0]]
        # A busy machine may take the message only after its sender has given up.
        first.done = partial(simulator.carrier.messages, case.address) if case.outcome.startswith("taken") else None
    return ports


def _tell(case: Case, ports: MemoryPorts) -> None:
    reached = {"email": case.address} if "@" in case.address else caller(case.address)
    more = {"case_numbers": ("26-104",), "arrived_at": NOW} if case.kind is Kind.CASE_NUMBER else {}
    told = call("THEFT" if more else "NOISE", {"1": reached}, **more)
    ports.tell_time(NOW)
    receive_updates([told], "wh", ports.settings.agency("springfield"), ports, NOW)


def _let_happen(case: Case, ports: MemoryPorts, simulator: Any, mailbox: Mailbox) -> None:
    key, now = NotificationKey("springfield", "P26-1", case.kind, "1", 0), NOW
    while True:
        row = ports.incidents.load(key.incident).rows[key]
        if not row.awaits or row.send_at > NOW + HORIZON:
            case.row = row
            return
        now = max(now, row.send_at)
        ports.tell_time(now)
        sweep_due(ports, now)
        with suppress(Crash):
            deliver_notification(key, ports, now)
        # The clock is about to jump: receipts that a carrier is still putting out must be there first.
        simulator.messages(case.address)
        for body in mailbox.take(case.address):
            receipt = read_receipt(body)
            if receipt:
                take_receipt(replace(receipt, at=now), ports)


def run(simulator: Any, nowhere: Any, outbox: Any) -> list[Case]:
    """Play every case, many side by side: most of them wait for an answer that does not come."""
    mailbox = Mailbox(outbox)
    with ThreadPoolExecutor(24) as people:
        return list(people.map(lambda case: play(case, simulator, nowhere, mailbox), cases()))


def table(played: list[Case]) -> str:
    """Return the matrix as a page: one table for the providers that do alike."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for providers in ARRANGEMENTS:
        by_table[_rows(played, providers)].append(", then ".join(providers))
    heading = f"| the call | {' | '.join(CRASHES)} |\n|---{'|---' * len(CRASHES)}|\n"
    return "\n".join(f"## {'; '.join(names)}\n\n{heading}{rows}" for rows, names in by_table.items())


def _rows(played: list[Case], providers: tuple[str, ...]) -> str:
    got = {(case.kind, case.outcome, case.crash): case.got for case in played if case.providers == providers}
    lines = []
    for outcome in OUTCOMES:
        cells = (" / ".join(str(got[kind, outcome, crash]) for kind in KINDS) for crash in CRASHES)
        lines.append(f"| {outcome} | {' | '.join(cells)} |\n")
    return "".join(lines)
