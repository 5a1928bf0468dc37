"""Compare a scenario's outcome with its expectations; each message tells a records lead what to look at."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.reasons import PLAIN
from chalicelib.insight.scenarios.clock import NoTime
from chalicelib.insight.scenarios.play import Played
from chalicelib.insight.scenarios.read import Expect, Sheet
from chalicelib.insight.scenarios.story import story

SKIPPED = "skipped"
_WENT = frozenset({State.SENT.value, State.DELIVERED.value})
_STOPPED = frozenset({State.CANCELLED.value, State.SUPPRESSED.value, State.FAILED.value, SKIPPED})


class Result(Struct, frozen=True):
    """The outcome of one notification: its row, or the reason why none was planned."""

    kind: Kind
    to: str
    state: str
    reason: str
    at: datetime | None = None
    by: str = ""
    body: str = ""
    key: NotificationKey | None = None


def judge(sheet: Sheet, played: Played) -> str:
    """Return what is not as the scenario says, with the whole story; "" where all is."""
    taken: set[Result] = set()
    places = range(len(sheet.scenario.expect))
    problems = [problem for place in places for problem in _miss(place, sheet, played, taken)]
    problems += _unexpected(played, taken)
    if not problems:
        return ""
    return "\n".join([*problems, "What happened:", *story(played)])


def results(played: Played, incident_number: str) -> list[Result]:
    """Return all that became of an incident, what has a row before what was never planned."""
    record = next((each for each in played.records if each.incident.incident_number == incident_number), None)
    if record is None:
        return []
    rows = sorted(record.rows.values(), key=lambda row: (row.key.recipient, row.key.ordinal))
    return [*map(_of_row, rows), *map(_of_skip, record.skipped)]


def went_at(row: Notification) -> datetime | None:
    """Return when a row was last handed to a carrier, or else when it last moved."""
    moves = [step.at for step in row.steps]
    handed = [step.at for step in row.steps if step.state is State.SENDING]
    return max(handed or moves, default=None)


def _of_row(row: Notification) -> Result:
    return Result(
        row.key.kind, row.key.recipient, row.state.value, row.reason, went_at(row), row.channel, row.body, row.key
    )


def _of_skip(skip: Skipped) -> Result:
    return Result(skip.kind, skip.recipient, SKIPPED, skip.reason.value)


def _miss(place: int, sheet: Sheet, played: Played, taken: set[Result]) -> Iterator[str]:
    """Yield what is not as one expectation says; what it found is taken, so that the next finds another."""
    expect = sheet.scenario.expect[place]
    at = _instant(place, sheet, played)
    known = [found for found in results(played, expect.incident_number) if found.kind is expect.kind]
    mine = [found for found in known if expect.to in (None, found.to) or not found.to]
    people = sorted({found.to for found in mine if found.to})
    left = [found for found in mine if found not in taken]
    fitting = next((found for found in left if _fits(found, expect, at)), None)
    if expect.to is None and len(people) > 1:
        say = ", or ".join(f'to = "{who}"' for who in people)
        yield f"expected: {_wanted(expect)}\nhappened: there are several people; say to whom: {say}"
    elif fitting:
        taken.add(fitting)
    else:
        happened = "; ".join(dict.fromkeys(_in_words(found, played) for found in left)) or "nothing of this kind"
        yield f"expected: {_wanted(expect)}\nhappened: {happened}"


def _instant(place: int, sheet: Sheet, played: Played) -> datetime | None:
    text = sheet.scenario.expect[place].at
    try:
        return played.clock.read(text) if text else None
    except NoTime as problem:
        raise sheet.problem(("expect", place, "at"), f"at: {problem}") from problem


def _fits(found: Result, expect: Expect, at: datetime | None) -> bool:
    states = {expect.state} if expect.state else _STOPPED if expect.reason else _WENT
    return (
        found.state in states
        and expect.reason in ("", found.reason)
        and at in (None, found.at)
        and expect.says in found.body
        and expect.by in (None, found.by)
    )


def _unexpected(played: Played, taken: set[Result]) -> Iterator[str]:
    stated = {found.key for found in taken}
    for outgoing in played.went:
        key = NotificationKey.from_id(outgoing.id)
        if key not in stated:
            stated.add(key)
            who = _who(key.kind, key.recipient, key.incident_number)
            yield f"not expected, but it went: {who}, saying {outgoing.body!r}"


def _wanted(expect: Expect) -> str:
    parts = [_who(expect.kind, expect.to or "", expect.incident_number)]
    if expect.state:
        parts.append(expect.state)
    elif not expect.reason:
        parts.append("sent")
    if expect.reason:
        parts.append(f"not sent: {_why(expect.reason)}" if not expect.state else _why(expect.reason))
    parts += [f"at {expect.at}"] if expect.at else []
    parts += [f"by {expect.by}"] if expect.by else []
    parts += [f"saying {expect.says!r}"] if expect.says else []
    return ", ".join(parts)


def _in_words(found: Result, played: Played) -> str:
    parts = [found.state]
    parts += [_why(found.reason)] if found.reason else []
    parts += [f"at {played.clock.write(found.at)}"] if found.at else []
    parts += [f"by {found.by}"] if found.by and found.state in _WENT else []
    parts += [f"saying {found.body!r}"] if found.body and found.state in _WENT else []
    return (f"to {found.to}: " if found.to else "") + ", ".join(parts)


def _who(kind: Kind, to: str, incident_number: str) -> str:
    return f"{kind} of {incident_number}" + (f" to {to}" if to else "")


def _why(reason: str) -> str:
    known = reason in set(Reason)
    return f"{reason} ({PLAIN[Reason(reason)]})" if known else reason
