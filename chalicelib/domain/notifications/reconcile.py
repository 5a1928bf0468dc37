"""Reconcile the stored notifications of an incident with its plan."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import GONE, Notification, State
from chalicelib.domain.notifications.plan import Decision, Planned, Skipped
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency

Rows = Mapping[NotificationKey, Notification]


class Reconciled(Struct, frozen=True):
    """The rows to write (new ones have version 0), and every decision not to send."""

    changed: tuple[Notification, ...]
    skipped: tuple[Skipped, ...]


def reconcile(rows: Rows, decisions: Iterable[Decision], agency: Agency, now: datetime) -> Reconciled:
    """Create missing rows, cancel unwanted rows that were not sent, and schedule rows that are wanted again.

    A key never gets a second row, and an expired notification gets none: it is skipped as expired. A sent row stays as
    it is; a plan that would change it is skipped as already told.
    """
    changed: list[Notification] = []
    skipped: list[Skipped] = []
    wanted: set[NotificationKey] = set()
    for decision in decisions:
        if isinstance(decision, Skipped):
            skipped.append(decision)
            continue
        wanted.add(decision.key)
        settled = _settle(decision, rows.get(decision.key), agency, now)
        if isinstance(settled, Notification):
            changed.append(settled)
        elif settled:
            skipped.append(Skipped(decision.key.kind, settled, decision.key.recipient, decision.key.ordinal))
    for key, row in rows.items():
        if key not in wanted and row.state is State.SCHEDULED:
            changed.append(row.moved(State.CANCELLED, now, why_not(key, skipped)))
    return Reconciled(tuple(changed), tuple(skipped))


def why_not(key: NotificationKey, skipped: Iterable[Skipped]) -> Reason:
    """Return why the notification of a key is not wanted: its recipient's reason, else its incident's."""
    reasons = {item.recipient: item.reason for item in skipped if item.kind is key.kind}
    return reasons.get(key.recipient, reasons.get("", Reason.NO_RECIPIENT))


def as_planned(row: Notification, planned: Planned, agency: Agency) -> Notification:
    """Return a scheduled row as the plan has it now; a hold or back-off stays where the planned time is the same."""
    followed = replace(
        row,
        channel=planned.channel,
        address=planned.address,
        addresses=planned.addresses,
        variant=planned.variant,
        planned_for=planned.send_at,
        send_at=row.send_at if row.planned_for == planned.send_at else planned.send_at,
        expires_at=planned.expires_at,
    )
    return row if followed == row else replace(followed, settings_version=agency.version)


def _settle(planned: Planned, row: Notification | None, agency: Agency, now: datetime) -> Notification | Reason | None:
    """Return the row to write, or why there is none, or None where the stored row needs no change."""
    if row is None or row.state is State.CANCELLED:
        if planned.expires_at <= now:
            return Reason.EXPIRED
        if row is None:
            return _new(planned, agency, now)
        return as_planned(row.moved(State.SCHEDULED, now, send_at=planned.send_at), planned, agency)
    if row.state is State.SCHEDULED:
        followed = as_planned(row, planned, agency)
        return None if followed is row else followed
    return Reason.ALREADY_TOLD if row.state in GONE and row.variant != planned.variant else None


def _new(planned: Planned, agency: Agency, now: datetime) -> Notification:
    return Notification(
        key=planned.key,
        channel=planned.channel,
        address=planned.address,
        addresses=planned.addresses,
        variant=planned.variant,
        planned_for=planned.send_at,
        send_at=planned.send_at,
        expires_at=planned.expires_at,
        created_at=now,
        keep_until=now + agency.retention.incidents,
        settings_version=agency.version,
    )
