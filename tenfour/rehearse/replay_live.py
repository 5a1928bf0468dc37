"""Replay an extract on a running city, through its webhook, and hold it against the virtual clock.

Incidents are spread evenly from now; times within each are divided by the speed, and so are the agency's
thresholds. Quiet hours, caps and surveys are left out: they know nothing of a hurried clock.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.aws.stores.agency_state import FRESH
from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import TAKEN
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.incident_types import City, IncidentType, PriorityRules
from chalicelib.insight.records.every_call import loaded
from chalicelib.insight.replay.outcome import IncidentLine, line
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.extract import Case, Message
from chalicelib.wiring import now
from tenfour.common.reach import Stack, at_home, city_at
from tenfour.common.screen import Screen
from tenfour.common.terminal import progress
from tenfour.rehearse.vendor import Vendor, wait_until

FASTEST = 60.0
JITTER = timedelta(seconds=5)
"""How late an update or a text may be on a busy machine: nearer to a threshold than this, either may win."""

_BEAT_EVERY = 60.0
_SETTLES_WITHIN = 600.0


Paced = TypeVar("Paced", Agency, City, IncidentType, PriorityRules)


class Comparison(Struct, frozen=True):
    """How a live replay differs from the virtual one, by incident number."""

    same: tuple[str, ...]
    within_jitter: tuple[str, ...]
    different: tuple[str, ...]


def hurried(agency: Agency, agency_id: str, speed: float) -> Agency:
    """Return an agency whose thresholds fit a clock that runs so many times as fast."""
    all_day = Window(start=datetime.min.time(), end=datetime.min.time())
    return replace(
        _faster(agency, speed),
        agency_id=agency_id,
        incident_types=_hurried_types(agency.incident_types, speed),
        cities=tuple(
            replace(
                _faster(city, speed), incident_types=city.incident_types and _hurried_types(city.incident_types, speed)
            )
            for city in agency.cities
        ),
        priorities=_hurried_priorities(agency.priorities, speed),
        hours=dict.fromkeys(Kind, all_day),
        caps=replace(agency.caps, per_person_and_day=0, per_incident=0),
    )


def _hurried_types(types: tuple[IncidentType, ...], speed: float) -> tuple[IncidentType, ...]:
    return tuple(
        replace(
            _faster(rule, speed),
            notify=tuple(kind for kind in rule.notify if kind is not Kind.SURVEY),
            priorities=_hurried_priorities(rule.priorities, speed),
        )
        for rule in types
    )


def _hurried_priorities(priorities: dict[str, PriorityRules], speed: float) -> dict[str, PriorityRules]:
    return {name: _faster(rules, speed) for name, rules in priorities.items()}


def _faster(rules: Paced, speed: float) -> Paced:
    """Return rules of any level with their hold and thresholds divided; what a level leaves out stays out."""
    hold, delay = rules.acknowledgment, rules.delay
    return replace(
        rules,
        acknowledgment=hold and replace(hold, hold=_hurried(hold.hold, speed)),
        delay=delay and replace(delay, after=tuple(_hurried(after, speed) for after in delay.after)),
    )


def spread(cases: Sequence[Case], start: datetime, over: timedelta, speed: float) -> list[Case]:
    """Return the cases as they happen from `start` on, evenly spread and at the given speed."""
    moved = []
    for order, case in enumerate(cases):
        was, begins = case.messages[0].at, start + over * order / len(cases)
        messages = tuple(_moved(message, was, begins, speed) for message in case.messages)
        moved.append(Case(case.line, case.incident_number, messages))
    return moved


def replay_live(
    cases: Sequence[Case], agency: Agency, stack: Stack, console: Screen, *, published: bool = False
) -> list[IncidentLine]:
    """Publish the settings, post every message at its time, wait for the last text; return what came of each."""
    city = city_at(stack)
    if not published:
        city.settings.publish(at_home(agency, stack), "local", "live replay", now())
        _wait_for_settings(console)
    _post(cases, Vendor(stack), console)
    keys = [IncidentKey(stack.agency_id, number) for number in sorted({case.incident_number for case in cases})]
    with console.status("Waiting for the last texts …"):
        wait_until(
            lambda: not any(r.awaits for each in loaded(city, keys) for r in each.rows.values()), _SETTLES_WITHIN, 2
        )
    return [line(record) for record in loaded(city, keys)]


def compare(cases: Sequence[Case], agency: Agency, lines: Sequence[IncidentLine]) -> Comparison:
    """Hold a live replay's lines against those of the virtual clock."""
    told, _ = told_by(cases, agency)
    city = VirtualCity(agency)
    for _ in city.play(told):
        pass
    expected = {item.incident_number: _sent(item) for item in map(line, city.records())}
    found = {item.incident_number: _sent(item) for item in lines}
    same, near, different = [], [], []
    for case in cases:
        number = case.incident_number
        if expected.get(number) == found.get(number):
            same.append(number)
        elif _near_a_threshold(case, agency):
            near.append(number)
        else:
            different.append(number)
    return Comparison(tuple(same), tuple(near), tuple(different))


def _hurried(duration: timedelta, speed: float) -> Duration:
    return Duration(seconds=round(duration.total_seconds() / speed))


def _moved(message: Message, was: datetime, begins: datetime, speed: float) -> Message:
    def at(instant: datetime) -> datetime:
        return begins + (instant - was) / speed

    body = {name: at(value) if isinstance(value, datetime) else value for name, value in message.body.items()}
    return Message(at(message.at), body)


def _wait_for_settings(console: Screen) -> None:
    """Wait until every function has let go of the settings that it had."""
    seconds = int(FRESH.total_seconds()) + 2
    with progress(console) as bar:
        for _ in bar.track(range(seconds), description="Until every function has the settings"):
            time.sleep(1)


def _post(cases: Sequence[Case], vendor: Vendor, console: Screen) -> None:
    messages = sorted((message for case in cases for message in case.messages), key=lambda message: message.at)
    beat_at = 0.0
    with progress(console) as bar:
        for message in bar.track(messages, description="Posting"):
            time.sleep(max(0.0, (message.at - datetime.now(UTC)).total_seconds()))
            if time.monotonic() >= beat_at:
                vendor.beat().raise_for_status()
                beat_at = time.monotonic() + _BEAT_EVERY
            vendor.post([message.body]).raise_for_status()


def _sent(item: IncidentLine) -> set[tuple[Kind, str]]:
    """Return which notifications went, whatever the carrier said of them since."""
    return {(entry.kind, entry.recipient) for entry in item.notifications if entry.state in TAKEN}


def _near_a_threshold(case: Case, agency: Agency) -> bool:
    start = case.messages[0].at
    thresholds = {start + after for after in _thresholds(case, agency)}
    return any(abs(message.at - threshold) <= JITTER for message in case.messages for threshold in thresholds)


def _thresholds(case: Case, agency: Agency) -> Iterator[timedelta]:
    """Yield every wait that the rules of a type the case ever had ask for."""
    told: dict[str, str] = {}
    for message in case.messages:
        told |= {name: message.body[name] for name in ("beat", "priority") if name in message.body}
    for code in {message.body.get("incident_type") for message in case.messages}:
        rule = agency.at(told.get("beat")).rule(Facts(incident_type=code, priority=told.get("priority")))
        if rule:
            yield from (rule.acknowledgment.hold, *rule.delay.after)
