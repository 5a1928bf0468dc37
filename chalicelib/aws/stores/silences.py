"""What keeps people from being written to, in their items: silences, and the word that somebody is unsafe to contact.

The profile holds `silent_until`, `unsafe_at` and `safe_until`, which only grow, so that a claim can be conditional on
them: no transaction can ask about a range of items. A silence is also an item of its incident, as versions before
wrote it. Both are read, and either keeps a person silent.
"""

from collections.abc import Callable
from datetime import datetime

from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import PROFILE, Add, ContactItem, as_conflict, condition_failed, instant, read_instant
from chalicelib.domain.notifications.record import IncidentChange
from chalicelib.domain.people.consent import Address
from chalicelib.domain.people.silenced import ByHand, Silenced

SILENCE = "silence#"
BY_HAND = "!desk"
"""Stands for the incident of a silence that a person put on another: no incident has such a number."""


class Silences:
    """The part of the contacts that says whom nobody may write to; `place` gives a person's partition."""

    def __init__(self, items: type[ContactItem], place: Callable[[str, Address], str]) -> None:
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

    def put(self, agency_id: str, address: Address, silence: ByHand) -> None:
        """Silence a person whatever incident they are on, until an instant; a longer silence stays. Conflict.

        The profile goes first: a claim asks it, and this may stand alone, because it only ever stops a text.
        """
        items, until, place = self._items, instant(silence.until), self._place(agency_id, address)
        later = items.silent_until.does_not_exist() | (items.silent_until < until)
        self._grow_at(place, items.silent_until.set(until), later)
        name, document = f"{SILENCE}{BY_HAND}", encode(silence)
        try:
            items(place, name, until=until, expires=silence.until, document=document).save(
                items.until.does_not_exist() | (items.until < until)
            )
        except PutError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error

    def end(self, agency_id: str, address: Address, at: datetime) -> list[Add]:
        """Return the writes that end a silence that a person put on another; those of incidents stay."""
        return self._lift(self._place(agency_id, address), f"{SILENCE}{BY_HAND}", at, [])

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
        found = items.onwards(pk, PROFILE)
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
        self._grow_at(self._place(agency_id, address), action, later)

    def _grow_at(self, place: str, action: Action, later: Condition) -> None:
        try:
            self._items(place, PROFILE).update([action], condition=later)
        except UpdateError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error


def silences_of(found: list[ContactItem], at: datetime) -> tuple[Silenced, ...]:
    """Return the silences that hold at an instant, among a person's items, the longest first."""
    holding = (item for item in found if item.sk.startswith(SILENCE) and item.until and read_instant(item.until) > at)
    told = (_silenced(item.sk.removeprefix(SILENCE), item) for item in holding)
    return tuple(sorted(told, key=lambda one: one.until, reverse=True))


def _silenced(name: str, item: ContactItem) -> Silenced:
    by = decode(item.document, ByHand) if name == BY_HAND and item.document else None
    number = "" if name == BY_HAND else name
    return Silenced(until=read_instant(item.until or ""), incident_number=number, by_hand=by)


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
