"""What keeps people from being written to, in their items: silences, and the word that somebody is unsafe to contact.

The profile holds `silent_until`, `unsafe_at` and `safe_until`, which only grow, so that a claim can be conditional on
them: no transaction can ask about a range of items. A silence is also an item of its incident, as versions before
wrote it. Both are read, and either keeps a person silent.
"""

from collections.abc import Callable
from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.aws.tables import PROFILE, Add, ContactItem, as_conflict, condition_failed, instant, read_instant
from chalicelib.domain.notifications.record import IncidentChange

SILENCE = "silence#"


class Silences:
    """The part of the contacts that says whom nobody may write to; `place` gives a person's partition."""

    def __init__(self, items: type[ContactItem], place: Callable[[str, str], str]) -> None:
        self._items, self._place = items, place

    def keep(self, change: IncidentChange) -> None:
        """Write into profiles whom an incident silences or calls unsafe, before the incident is written; Conflict.

        This may stand alone, because it only ever stops a text. A later silence that is known already stays.
        """
        items, agency_id = self._items, change.incident.agency_id
        for address in sorted(change.silence.addresses) if change.silence else ():
            until = instant(change.silence.until) if change.silence else ""
            later = items.silent_until.does_not_exist() | (items.silent_until < until)
            self._grow(agency_id, address, items.silent_until.set(until), later)
        for address, said_at in sorted(change.unsafe.items()):
            later = items.unsafe_at.does_not_exist() | (items.unsafe_at < instant(said_at))
            self._grow(agency_id, address, items.unsafe_at.set(instant(said_at)), later)

    def of_incident(self, change: IncidentChange) -> list[ContactItem]:
        """Return the items by which an incident silences its addresses, one for each."""
        if change.silence is None:
            return []
        agency_id, until = change.incident.agency_id, change.silence.until
        name = f"{SILENCE}{change.incident.incident_number}"
        return [
            self._items(self._place(agency_id, address), name, until=instant(until), expires=until)
            for address in sorted(change.silence.addresses)
        ]

    def lifts(self, change: IncidentChange) -> list[Add]:
        """Return the writes by which a release ends the silences of one incident, and an unsafe word.

        A person stays silent for as long as another incident silences them.
        """
        items, agency_id, at = self._items, change.incident.agency_id, change.at
        name = f"{SILENCE}{change.incident.incident_number}"
        writes: list[Add] = []
        safe = items.safe_until.set(instant(at))
        for address in sorted(change.lifted.silenced):
            released: list[Action] = [safe] if address in change.lifted.unsafe else []
            writes += self._lift(self._place(agency_id, address), name, at, released)
        for address in sorted(change.lifted.unsafe - change.lifted.silenced):
            writes.append(_update(items(self._place(agency_id, address), PROFILE), [safe], None))
        return writes

    def allows(self, at: datetime) -> Condition:
        """Return the condition on a profile that no silence holds and nobody said that the person is unsafe."""
        items = self._items
        heard: Condition = items.silent_until.does_not_exist() | (items.silent_until <= instant(at))
        heard &= items.unsafe_at.does_not_exist() | (items.unsafe_at <= items.safe_until)
        return heard

    def _lift(self, pk: str, name: str, at: datetime, released: list[Action]) -> list[Add]:
        items = self._items
        found = list(items.query(pk, items.sk >= PROFILE, consistent_read=True))
        profile = next((item for item in found if item.sk == PROFILE), None)
        others = [item.until for item in found if item.sk.startswith(SILENCE) and item.sk != name and item.until]
        known = profile.silent_until if profile else None
        unmoved = items.silent_until == known if known else items.silent_until.does_not_exist()
        until = max([*others, instant(at)])
        ended = items(pk, name, until=instant(at), expires=at)
        return [
            lambda transaction: transaction.save(ended),
            _update(items(pk, PROFILE), [items.silent_until.set(until), *released], unmoved),
        ]

    def _grow(self, agency_id: str, address: str, action: Action, later: Condition) -> None:
        try:
            self._items(self._place(agency_id, address), PROFILE).update([action], condition=later)
        except UpdateError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error


def unsafe(profile: ContactItem | None) -> bool:
    """Tell whether somebody said that a person is unsafe to contact, and nobody released them since."""
    if profile is None or not profile.unsafe_at:
        return False
    return not profile.safe_until or profile.unsafe_at > profile.safe_until


def silent_until(found: list[ContactItem]) -> datetime | None:
    """Return the end of the longest silence among a person's items, those of versions before too."""
    ends = [end for item in found for end in (item.until, item.silent_until) if end]
    return max(map(read_instant, ends), default=None)


def _update(item: ContactItem, actions: list[Action], condition: Condition | None) -> Add:
    return lambda transaction: transaction.update(item, actions=actions, condition=condition)
