"""What keeps us from calling a provider: one that is down, and a budget that is used up."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.notifications.breaker import Breaker, Breakers, heard, usable
from chalicelib.domain.notifications.notification import Channel, Notification, Provider
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent, spend
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports


def count_against_budget(row: Notification, agency: Agency, ports: Ports, now: datetime) -> datetime | None:
    """Count a text before it goes; or return until when it must wait. Conflict.

    One that is counted and then can't be claimed stays counted: too little is spent, never too much.
    """
    if row.channel != "sms" or not agency.budget.limited:
        return None
    known = ports.settings.spent(agency.agency_id)
    spent = spend(known, agency.budget, row.key.kind, row.segments, now, agency.zone)
    if isinstance(spent, Spent):
        ports.settings.note_spent(agency.agency_id, known, spent)
        return None
    ports.notice(Notice.OVER_BUDGET, agency=agency.agency_id, notification=row.key.id)
    return spent


def turn_to_call(
    agency: Agency, channel: Channel, breakers: Breakers, ports: Ports, now: datetime
) -> tuple[Provider, ...]:
    """Return the providers that a message may be handed to, in order. Conflict.

    Where it is to show whether one is back, that right is taken first: no other message comes to it meanwhile.
    """
    names = usable(agency.providers.of(channel), breakers, now)
    first = breakers.get(names[0]) if names else None
    if first and first.tries:
        ports.settings.note_breakers(agency.agency_id, breakers, {**breakers, names[0]: first.trying(now)})
    return names


def note_answers(
    agency_id: str, breakers: Breakers, answered: Mapping[Provider, bool], ports: Ports, now: datetime
) -> None:
    """Remember who gave an answer and who did not, where that is news; Busy where others always write first."""
    if not all(answered.values()) or not breakers.keys().isdisjoint(answered):
        _note_answers(agency_id, answered, ports, now)


@again_on_conflict()
def _note_answers(agency_id: str, answered: Mapping[Provider, bool], ports: Ports, now: datetime) -> None:
    before = ports.settings.conditions(agency_id).breakers
    after = heard(before, answered, now)
    if after == before:
        return
    ports.settings.note_breakers(agency_id, before, after)
    for name, breaker in after.items():
        if breaker.opened > before.get(name, Breaker()).opened:
            ports.notice(Notice.PROVIDER_DOWN, agency=agency_id, provider=name)
