"""Limits on calling providers: a provider that is down, and a budget that is used up."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.notifications.breaker import Breaker, Breakers, heard, usable
from chalicelib.domain.notifications.notification import Provider
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.wave import trying
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent, spend
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.notifications.due import Due
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports


def count_against_budget(due: Due) -> datetime | None:
    """Count a text against the budget before it is sent; return None, or when it may be tried again. Conflict.

    A text that is counted and then can't be claimed stays counted: too little is spent, never too much.
    """
    row, agency, settings = due.row, due.agency, due.ports.settings
    if row.channel != "sms" or not agency.budget.limited:
        return None
    known = settings.spent(agency.agency_id)
    spent = spend(known, agency.budget, row.key.kind, row.segments, due.now, agency.zone)
    if isinstance(spent, Spent):
        settings.note_spent(agency.agency_id, known, spent)
        return None
    due.ports.notice(Notice.OVER_BUDGET, agency=agency.agency_id, notification=row.key.id)
    return spent


def turn_to_call(due: Due, conditions: Conditions) -> tuple[Provider, ...]:
    """Return the providers to try with a message, in order. Conflict.

    Where the first one must show that it is back, this message takes the right to test it; no other is sent there
    meanwhile. The same holds where a carrier blocked its texts.
    """
    breakers, waves, agency_id = conditions.breakers, conditions.waves, due.agency.agency_id
    names = usable(due.agency.providers.of(due.row.channel), conditions.gates(due.now), due.now)
    first = breakers.get(names[0]) if names else None
    if first and first.tries:
        due.ports.settings.note_breakers(agency_id, breakers, {**breakers, names[0]: first.trying(due.now)})
    tried = trying(waves, names[0], due.now) if names else waves
    if tried != waves:
        due.ports.settings.note_waves(agency_id, waves, tried)
    return names


def steady(agency: Agency, conditions: Conditions, now: datetime) -> tuple[Provider, ...]:
    """Return the providers to try with a text by hand; it never tests whether one is back, since notifications do."""
    known = conditions.gates(now)
    names = usable(agency.providers.of("sms"), known, now)
    return tuple(name for name in names if not known.get(name, Breaker()).tries)


def note_answers(
    agency_id: str, breakers: Breakers, answered: Mapping[Provider, bool], ports: Ports, now: datetime
) -> None:
    """Note which providers took a message, where that is news; Busy where conflicts do not end."""
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
