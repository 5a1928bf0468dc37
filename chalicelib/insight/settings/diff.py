"""The effect of a change of settings: the same calls through both rule sets, on the virtual clock.

Shadow and live make no difference here: both sides are played as if live, so that rules are compared with rules.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.draft_week import varied
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import TAKEN, Notification
from chalicelib.domain.notifications.reconcile import why_not
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker import weaker
from chalicelib.insight.named import incident_named
from chalicelib.insight.settings.changes import changes
from chalicelib.virtual.clock import Told, VirtualCity, as_if_live

Change = Literal["appears", "vanishes", "changes"]
CHANGES: tuple[Change, ...] = ("appears", "vanishes", "changes")


class Fate(Struct, frozen=True):
    """The fate of one notification under one rule set: when it went and in which words, or why it did not.

    `called` is its incident as staff know it.
    """

    incident_type: str
    at: datetime | None = None
    channel: str = ""
    body: str = ""
    reason: str = ""
    called: str = ""


class Difference(Struct, frozen=True):
    """One notification that is not what it was."""

    key: NotificationKey
    change: Change
    before: Fate
    after: Fate

    @property
    def incident_type(self) -> str:
        """Return the type of the incident, as it ended."""
        return self.after.incident_type or self.before.incident_type

    @property
    def called(self) -> str:
        """Return the incident as staff know it."""
        return self.after.called or self.before.called or self.key.incident_number


class Comparison(Struct, frozen=True):
    """Two rule sets over the same calls: the settings that changed, what they end, and what differs on those calls."""

    incidents: int
    sent_before: int
    sent_after: int
    differences: tuple[Difference, ...]
    settings: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def counts(self) -> Counter[tuple[str, str, Change]]:
        """Return how many notifications differ, by type, kind and change."""
        return Counter((item.incident_type, item.key.kind.value, item.change) for item in self.differences)

    def examples(self, change: Change) -> Iterator[Difference]:
        """Return the differences of one sort: of different types and kinds before a second one of any."""
        found = (item for item in self.differences if item.change == change)
        return varied(found, lambda item: (item.incident_type, item.key.kind.value))


def diff(old: Agency, new: Agency, told: Sequence[Told], watch: Callable[[], None]) -> Comparison:
    """Play the same updates under both settings and compare every notification; `watch` hears of each update."""
    before, incidents = _fates(old, told, watch)
    after, _ = _fates(new, told, watch)
    nothing = Fate("")
    differences = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, nothing), after.get(key, nothing)
        change = _change(was, now)
        if change:
            differences.append(Difference(key, change, was, now))
    sent_before, sent_after = (sum(fate.at is not None for fate in fates.values()) for fates in (before, after))
    told_apart = changes(old, new), weaker(old, new)
    return Comparison(incidents, sent_before, sent_after, tuple(differences), *told_apart)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison for programs."""
    return {
        "settings": list(comparison.settings),
        "ends": list(comparison.ends),
        "incidents": comparison.incidents,
        "sent_before": comparison.sent_before,
        "sent_after": comparison.sent_after,
        "counts": [
            {"incident_type": incident_type, "kind": kind, "change": change, "notifications": number}
            for (incident_type, kind, change), number in sorted(comparison.counts().items())
        ],
        "differences": [
            {
                "incident_number": item.key.incident_number,
                "called": item.called,
                "kind": item.key.kind.value,
                "recipient": item.key.recipient,
                "change": item.change,
                "before": _in_short(item.before),
                "after": _in_short(item.after),
            }
            for item in comparison.differences
        ],
    }


def _in_short(fate: Fate) -> dict[str, str | datetime | None]:
    return {"at": fate.at and fate.at.isoformat(), "channel": fate.channel, "body": fate.body, "reason": fate.reason}


def _change(was: Fate, now: Fate) -> Change | None:
    if was.at is None or now.at is None:
        return None if was.at is now.at else "appears" if was.at is None else "vanishes"
    same = (was.at, was.channel, was.body) == (now.at, now.channel, now.body)
    return None if same else "changes"


def _fates(agency: Agency, told: Sequence[Told], watch: Callable[[], None]) -> tuple[dict[NotificationKey, Fate], int]:
    city = VirtualCity(as_if_live(agency))
    for _ in city.play(told):
        watch()
    records = list(city.records())
    return {key: fate for record in records for key, fate in _of(record, agency)}, len(records)


def _of(record: IncidentRecord, agency: Agency) -> Iterable[tuple[NotificationKey, Fate]]:
    nothing = Fate(
        record.incident.facts.incident_type or "(no type)", called=incident_named(record.incident, agency.zone)
    )
    for key, row in record.rows.items():
        yield key, _fate(row, nothing)
    for item in record.skipped:
        key = NotificationKey(*_name(record), item.kind, item.recipient, item.ordinal)
        if key not in record.rows:
            yield key, replace(nothing, reason=item.reason)
    # One reason for all stands without a recipient; whoever looks up a person's notification finds it there too.
    for party_id in record.incident.everyone:
        for item in record.skipped:
            key = NotificationKey(*_name(record), item.kind, party_id)
            if not item.recipient and key not in record.rows:
                yield key, replace(nothing, reason=why_not(key, record.skipped))


def _fate(row: Notification, nothing: Fate) -> Fate:
    if row.state in TAKEN:
        return replace(nothing, at=row.sent_at, channel=row.channel, body=row.body)
    return replace(nothing, reason=row.reason)


def _name(record: IncidentRecord) -> tuple[str, str]:
    return record.incident.agency_id, record.incident.incident_number
