"""Tell which notifications were not sent and why, and which may still go."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import GONE, Notification, State
from chalicelib.domain.notifications.plan import WHILE_OPEN, Skipped
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.timing import CASE_NUMBER_LIFE, OUTCOME_LIFE
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.explain.moment import Named, Untold, Waiting
from chalicelib.insight.explain.words import IN_DOUBT, KINDS, WHAT, detail, kind_of, why, why_held

EVERYBODY = "everybody"
_CAME_TO_NOTHING = frozenset({State.CANCELLED, State.SUPPRESSED, State.FAILED, State.UNDELIVERED, State.UNKNOWN})
_DOUBT = {State.UNKNOWN: IN_DOUBT}
_UNDECIDED = frozenset({Reason.NOT_YET, Reason.TYPE_UNKNOWN})
_FOR_GOOD = frozenset(
    {Reason.SENSITIVE, Reason.TOO_MUCH_TO_JUDGE, Reason.JUVENILE, Reason.DO_NOT_CONTACT, Reason.TYPE_NEVER}
)
_ORDER = {kind: place for place, kind in enumerate(Kind)}


def untold(record: IncidentRecord, named: Named, version: int) -> tuple[Untold, ...]:
    """Return what was not sent or not delivered, kinds together that share a reason.

    `version` is that of the settings in force when the incident was last decided on: what was
    never planned has no row that says it.
    """
    found = [*_skipped(record, named, version), *_ended(record, named)]
    together: dict[Untold, list[Kind]] = {}
    for kind, item in sorted(found, key=lambda one: (bool(one[1].recipient), _ORDER[one[0]])):
        together.setdefault(item, []).append(kind)
    return tuple(_of_kinds(item, kinds) for item, kinds in together.items())


def waiting(record: IncidentRecord, named: Named) -> tuple[Waiting, ...]:
    """Return what may still go, the next first."""
    rows = (row for row in record.rows.values() if row.awaits)
    return tuple(
        Waiting(
            kind=kind_of(row),
            recipient=row.key.recipient,
            who=named(row.key.recipient),
            look_at=row.send_at,
            expires_at=row.expires_at,
            reason=row.reason,
            words=_why_waiting(row),
            name=row.key.id if row.state is State.SCHEDULED else "",
            settings_version=row.settings_version,
        )
        for row in sorted(rows, key=lambda row: (row.send_at, row.key))
    )


def may_come(record: IncidentRecord, agency: Agency, at: datetime) -> tuple[str, ...]:
    """Return the kinds that nobody has decided yet and that what happens next may bring."""
    facts = record.incident.facts
    end = facts.cancelled_at or facts.closed_at
    return tuple(
        dict.fromkeys(
            KINDS[item.kind]
            for item in record.skipped
            if _is_undecided(item) and (end is None or at < end + _lives(item.kind, agency))
        )
    )


def _is_undecided(item: Skipped) -> bool:
    """Tell whether a decision awaits what happens next; what is told only while a call is open never awaits its end."""
    waits_for_the_end = item.reason is Reason.AFTER_CLOSE_ONLY and item.kind not in WHILE_OPEN
    return waits_for_the_end or item.reason in _UNDECIDED


def is_final(record: IncidentRecord) -> bool:
    """Tell whether nothing that dispatch says can bring another message: it ended, or it is silent for good."""
    facts = record.incident.facts
    ended = facts.closed_at or facts.cancelled_at
    return bool(ended) or any(item.reason in _FOR_GOOD for item in record.skipped if not item.recipient)


def _lives(kind: Kind, agency: Agency) -> timedelta:
    """Return for how long after the end of an incident a kind may still be decided."""
    return {Kind.OUTCOME: OUTCOME_LIFE, Kind.CASE_NUMBER: CASE_NUMBER_LIFE, Kind.SURVEY: agency.survey.window}.get(
        kind, timedelta(0)
    )


def _why_waiting(row: Notification) -> str:
    if row.state is State.SENDING:
        return "handed over; the provider's answer is not known yet"
    return "; ".join(filter(None, (_DOUBT.get(row.state), why_held(row.reason))))


def _of_kinds(item: Untold, kinds: list[Kind]) -> Untold:
    names = ("everything",) if set(kinds) == set(Kind) else tuple(dict.fromkeys(KINDS[kind] for kind in kinds))
    return replace(item, kinds=names)


def _skipped(record: IncidentRecord, named: Named, version: int) -> Iterator[tuple[Kind, Untold]]:
    """Yield what was never planned; what has a row is told by the row, but for news that came too late to change it."""
    incident = record.incident
    with_row = {key.kind for key in record.rows}
    for item in record.skipped:
        key = NotificationKey(incident.agency_id, incident.incident_number, item.kind, item.recipient, item.ordinal)
        row = record.rows.get(key)
        told = row is not None and row.state in GONE and item.reason is Reason.ALREADY_TOLD
        if told or (row is None and (item.recipient or item.kind not in with_row)):
            yield item.kind, _as_untold(item, named(item.recipient) if item.recipient else EVERYBODY, version)


def _as_untold(item: Skipped, who: str, version: int) -> Untold:
    return Untold(
        kinds=(),
        recipient=item.recipient,
        who=who,
        state="skipped",
        reason=item.reason,
        words=why(item.reason),
        detail=detail(item.detail),
        settings_version=version,
    )


def _ended(record: IncidentRecord, named: Named) -> Iterator[tuple[Kind, Untold]]:
    for row in record.rows.values():
        if row.state in _CAME_TO_NOTHING and not row.awaits:
            yield (
                row.key.kind,
                Untold(
                    kinds=(),
                    recipient=row.key.recipient,
                    who=named(row.key.recipient),
                    state=row.state,
                    reason=row.reason,
                    words="; ".join(filter(None, (_DOUBT.get(row.state), why(row.reason)))) or WHAT[row.state],
                    detail=what_decided(row, record.skipped),
                    settings_version=row.settings_version,
                ),
            )


def what_decided(row: Notification, skipped: Iterable[Skipped]) -> str:
    """Return the word that stopped a row: it stands at the decision that took the row's place."""
    same = (item for item in skipped if (item.kind, item.reason) == (row.key.kind, row.reason))
    return next((detail(item.detail) for item in same), "")
