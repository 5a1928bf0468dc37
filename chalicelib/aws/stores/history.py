"""The history in an incident's partition: what each webhook said, and who was shown people's addresses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, convert
from msgspec.structs import replace

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import IncidentItem, incident_pk, instant, read_instant
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.incidents.update import ALSO_AT, Update
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentChange, IncidentRecord

HISTORY = "history#"
_AUDIT = "audit#"


class Heard(Struct, frozen=True):
    """The words of one webhook about the incident, and when we heard them."""

    at: datetime
    source_id: str
    updates: tuple[Update, ...]


class Reveal(Struct, frozen=True):
    """Somebody was shown the phones, emails and comments of the incident, and gave a reason."""

    at: datetime
    author: str
    reason: str


class Story(Struct, frozen=True, kw_only=True):
    """All of a partition; what was heard and revealed is in the order of time."""

    record: IncidentRecord
    heard: tuple[Heard, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    keep_until: datetime | None = None


def history_item(items: type[IncidentItem], change: IncidentChange) -> IncidentItem:
    """Return the item that keeps what a webhook said."""
    sk = f"{HISTORY}{instant(change.at)}#{change.source_id}"
    return items(
        incident_pk(change.incident.key), sk, document=encode(change.updates), expires=change.keep_history_until
    )


def reveal_item(
    items: type[IncidentItem], key: IncidentKey, reveal: Reveal, keep_until: datetime | None
) -> IncidentItem:
    """Return the item that keeps who was shown people's addresses; it stays as long as the incident does."""
    sk = f"{_AUDIT}{instant(reveal.at)}#{reveal.author}"
    return items(incident_pk(key), sk, document=encode(reveal), expires=keep_until)


def read_heard(item: IncidentItem) -> Heard | None:
    """Read what a webhook said, or None for an item that is none; a webhook's name may hold a `#`."""
    if not item.sk.startswith(HISTORY):
        return None
    at, source_id = item.sk.removeprefix(HISTORY).split("#", 1)
    return Heard(read_instant(at), source_id, tuple(map(_typed, decode(item.document, tuple[Update, ...]))))


def read_reveal(item: IncidentItem) -> Reveal | None:
    """Read who was shown people's addresses, or None for an item that does not say it."""
    return decode(item.document, Reveal) if item.sk.startswith(_AUDIT) else None


def _typed(update: Update) -> Update:
    """Return a stored update with instants, phones and links again where JSON has only texts and objects.

    Fields that another release knows are left out.
    """
    facts = convert(update.facts, Facts)
    return replace(
        update,
        facts={name: getattr(facts, name) for name in update.facts if hasattr(facts, name)},
        parties={party_id: _typed_party(told) for party_id, told in update.parties.items()},
    )


def _typed_party(told: Mapping[str, Any]) -> dict[str, Any]:
    party = convert(told, Party)
    beside = {name: tuple(told[name]) for name in told if name == ALSO_AT}
    return {name: getattr(party, name) for name in told if name != ALSO_AT and hasattr(party, name)} | beside
