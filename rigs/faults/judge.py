"""Judge a town's day when it is over, by what the carriers took and what the tables and the lake hold."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import newest, table_of
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.domain.notifications.notification import MAY_REPEAT, Notification, State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.lake.export import rows_of
from chalicelib.wiring import Aws
from rigs.faults.found import not_found
from rigs.faults.stories import Story
from rigs.faults.stream import Records, batches, halved
from rigs.faults.town import Town

MOST_TRIES = 12
_OVERTAKEN = frozenset({Reason.ARRIVED, Reason.CLOSED, Reason.CANCELLED})
"""Events of a call that make its text wrong while the text is held up."""

_STALE = frozenset({Reason.EXPIRED, Reason.FEED_SILENT})

FATES = {
    "once": "went once",
    "in doubt": "in doubt, not sent again",
    "too late": "too late by then",
    "given up": "given up, and says why",
    "lost": "lost",
}
"""The states in which a due text may end; in calm weather only the first."""

_FATE = {State.UNKNOWN: "in doubt", State.FAILED: "given up"}


class Verdict(Struct):
    """The verdict on a town: what became of its texts, what is wrong, and what its faults came to."""

    incidents: int = 0
    due: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    rows: int = 0
    lake_rows: int = 0
    counted: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Verdict") -> None:
        """Count another town's too."""
        self.incidents, self.due = self.incidents + other.incidents, self.due + other.due
        self.rows, self.lake_rows = self.rows + other.rows, self.lake_rows + other.lake_rows
        self.fates += other.fates
        self.counted += other.counted
        self.wrong += other.wrong


def judge(town: Town, calm: bool) -> Verdict:
    """Export and compact what a town has, and compare all of it with what is known."""
    verdict = Verdict(incidents=len(town.stories), counted=town.counted)
    _export(town, calm, verdict)
    aws = town.straight()
    taken = Counter(_name(message.reference, message.to) for message in town.place.carrier.messages())
    for story in town.stories:
        _texts(story, town, aws, taken, calm, verdict)
    told = {f"{story.number}-{place}" for story in town.stories for place in range(len(story.words))}
    verdict.wrong += [f"{name} was never answered" for name in sorted(told - town.acked)]
    verdict.wrong += [f"dead: {letter}" for letter in town.dead if "POISON" not in letter and calm]
    verdict.counted["dead letters"] += len(town.dead)
    _lake(town, aws, verdict)
    verdict.wrong += [*town.lost, *not_found(aws, town.agency.agency_id, town.now, people=True)]
    return verdict


def _texts(story: Story, town: Town, aws: Aws, taken: Counter[str], calm: bool, verdict: Verdict) -> None:
    record = aws.incidents.load(IncidentKey(town.agency.agency_id, story.number))
    by_kind = {key.kind: row for key, row in record.rows.items()}
    verdict.rows += len(by_kind)
    for key, row in record.rows.items():
        if row.awaits or row.state is State.SENDING:
            verdict.wrong.append(f"{key.id} ({story.name}) is {row.state} for ever")
        got = _got(key, row, taken)
        if got > 1:
            verdict.wrong.append(f"{key.id} ({story.name}) went {got} times")
        if got and key.kind not in story.due:
            verdict.wrong.append(f"{key.id} ({story.name}) went, and must not")
    tried = sum(bool(row.attempts) for row in record.rows.values())
    answers = int(story.stops_after is not None)  # who says STOP hears once that it counted
    if "sns" in town.providers and taken[story.phone] > tried + answers:
        verdict.wrong.append(f"{story.number} ({story.name}) got {taken[story.phone]} texts by SNS")
    for kind in story.due:
        verdict.due += 1
        due = by_kind.get(kind)
        fate = "lost" if due is None else _fate(due, story, _got(due.key, due, taken))
        verdict.fates[fate] += 1
        if fate == "lost" or (calm and fate != "once"):
            state = f"{due.state} {due.reason}" if due else "no row"
            verdict.wrong.append(f"{story.number} {kind} ({story.name}) of {town.agency.agency_id} is {fate}: {state}")


def _fate(row: Notification, story: Story, got: int) -> str:
    if got:
        return "once"
    if story.stops_after and row.reason == Reason.OPTED_OUT:
        return "too late"  # faults held it back until after the STOP
    overtaken = row.state is State.CANCELLED and row.reason in _OVERTAKEN and row.key.kind not in MAY_REPEAT
    stale = row.state is State.SUPPRESSED and row.reason in _STALE
    return "too late" if overtaken or stale else _FATE.get(row.state, "lost")


def _got(key: NotificationKey, row: Notification, taken: Counter[str]) -> int:
    """Return how often carriers took a text; SNS knows no names, so there all of a person's count for one."""
    named = taken[key.id]
    nameless = row.provider == "sns" and row.state in (State.SENT, State.UNKNOWN)
    return named or int(nameless and bool(taken[row.address]) and row.state is State.SENT)


def _name(reference: str, address: str) -> str:
    return reference or address


def _export(town: Town, calm: bool, verdict: Verdict) -> None:
    """Bring the streams into the lake, through the weather of the day; what fails is tried again, then halved."""
    town.calm = calm
    town.forget()
    functions = town.functions

    def export(records: Records) -> bool:
        return any(town.invoke("export", lambda aws, _: functions.export(records, aws)) for _ in range(MOST_TRIES))

    for batch in batches(town.place.straight.aws, town.config, town.dice):
        verdict.counted["put aside"] += halved(batch, export)
    town.cure()
    for _ in range(MOST_TRIES):
        if town.invoke("compact", lambda aws, _: functions.compact(aws)):
            break
    town.calm = True
    town.forget()
    if not town.invoke("compact", lambda aws, _: functions.compact(aws)):
        verdict.wrong.append(f"{town.agency.agency_id} can't be compacted")


def _lake(town: Town, aws: Aws, verdict: Verdict) -> None:
    wanted = {(table_of(row), row.id): row for row in newest(_rows(aws, verdict))}
    days = {(table_of(row), row.dt) for row in wanted.values()}
    found = {(table, row.id): row for table, day in days for row in aws.lake.read_day(table, day).rows}
    verdict.lake_rows += len(found)
    differ = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if differ:
        verdict.wrong.append(f"{town.agency.agency_id}: {len(differ)} of {len(wanted)} rows differ: {differ[0]}")
    if any(True for _ in aws.lake.landed()):
        verdict.wrong.append(f"{town.agency.agency_id}: files still wait in landing/")


def _rows(aws: Aws, verdict: Verdict) -> Iterator[LakeRow]:
    for changed in aws.changes(lambda item: verdict.wrong.append(f"unreadable: {item}")):
        yield from rows_of(changed, aws.settings)
