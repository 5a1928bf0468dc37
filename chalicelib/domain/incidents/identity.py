"""Identity: every id and number that an incident ever had, and the number that people read.

An incident that was only ever told of by the number that is its key has nothing to remember here.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.merge import Source, Stamp, Word, settle
from chalicelib.domain.incidents.places import is_number
from chalicelib.domain.incidents.update import Update

if TYPE_CHECKING:
    from chalicelib.domain.incidents.incident import Incident

MOST_NAMES = 30
"""The most ids or numbers of an incident; no real one comes near."""

PROVEN = datetime(9999, 1, 1, tzinfo=UTC)
"""The stamp of a link that follows from names: no word of a feed is later, so none takes it back."""

_NUMBER = "incident_number"


class Shown(Struct, frozen=True, array_like=True):
    """A number that people read, and the stamp of the word that told it."""

    number: str
    stamp: Stamp


class Identity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The names of an incident beside its key.

    `ids` has for each id the source that told it, CAD where both did. `shown` has the latest number of each source,
    the one that counts first. `places` lead here until `led_until`. `same_as` is the key of an older
    incident that was proven to be the same: it tells, and no feed can take that back. `merged` are the keys of those
    that were proven to be the same as this one, each with the time of the proof. `unclear` says that the number alone
    did not show which call is meant.
    """

    ids: dict[str, Source] = {}
    numbers: frozenset[str] = frozenset()
    shown: tuple[Shown, ...] = ()
    places: frozenset[str] = frozenset()
    led_until: datetime | None = None
    same_as: str = ""
    merged: dict[str, datetime] = {}
    unclear: bool = False

    @property
    def of_dispatch(self) -> frozenset[str]:
        """Return the ids by which the dispatch system knows the incident."""
        return frozenset(each for each, source in self.ids.items() if source == "cad")

    def with_names(self, update: Update) -> Self:
        """Return the identity with the names of an update; a missing number takes none back."""
        ids = {update.incident_id: update.source} if update.incident_id else {}
        known = replace(self, ids=joined_ids(self.ids, ids), numbers=self.numbers | set(_told(update)))
        stamp = Stamp(update.as_of, sequence=update.sequence, source=update.source)
        return known if update.rejected else known.showing(*(Shown(number, stamp) for number in _told(update)))

    def showing(self, *told: Shown) -> Self:
        """Return the identity with more words about the number that people read."""
        if not told:
            return self
        words = [Word(each.number, each.stamp) for each in (*self.shown, *told)]
        first, other = settle(_NUMBER, words)
        return replace(self, shown=tuple(Shown(word.value, word.stamp) for word in (first, other) if word))

    def cut(self) -> Self:
        """Return the identity with as many names as are kept."""
        ids, numbers = sorted(self.ids.items())[:MOST_NAMES], sorted(self.numbers)[:MOST_NAMES]
        return replace(self, ids=dict(ids), numbers=frozenset(numbers))

    def joined(self, other: "Identity", key: str, at: datetime) -> Self:
        """Return the identity with the names of another incident that is the same, and that has that key."""
        known = replace(
            self,
            ids=joined_ids(self.ids, other.ids),
            numbers=self.numbers | other.numbers,
            merged={key: at, **other.merged, **self.merged},
        )
        return known.showing(*other.shown)


def identified(incident: "Incident", update: Update) -> Identity:
    """Return an incident's identity after an update; unchanged where all that was ever told is its key."""
    plain = not update.incident_id and update.incident_number in ("", incident.incident_number)
    if plain and incident.identity == Identity():
        return incident.identity
    return seeded(incident).with_names(update)


def seeded(incident: "Incident") -> Identity:
    """Return an incident's identity with the number that is its key, as the latest update told it."""
    identity, key = incident.identity, incident.incident_number
    if identity.shown or incident.as_of is None or not is_number(key):
        return identity
    told_by: set[Source | Literal[""]] = {stamp.source for stamp in incident.stamps.values()}
    stamp = Stamp(incident.as_of, source="rms" if told_by == {"rms"} else "cad")
    return replace(identity, numbers=identity.numbers | {key}, shown=(Shown(key, stamp),))


def shown_number(incident: "Incident") -> str:
    """Return the number by which people know an incident, or "" while there is none."""
    if incident.identity.shown:
        return incident.identity.shown[0].number
    return incident.incident_number if is_number(incident.incident_number) else ""


def called(incident: "Incident") -> str:
    """Return the number by which people know an incident where it is not its key, else ""."""
    number = shown_number(incident)
    return "" if number == incident.incident_number else number


def names_of(incident: "Incident") -> frozenset[str]:
    """Return every name that an incident ever had, its key among them."""
    return incident.identity.numbers | incident.identity.ids.keys() | incident.own_keys


def joined_ids(one: dict[str, Source], other: dict[str, Source]) -> dict[str, Source]:
    """Return the ids of both, each with the source that told it, CAD where both did."""
    return {name: min(ids[name] for ids in (one, other) if name in ids) for name in sorted(one.keys() | other.keys())}


def _told(update: Update) -> tuple[str, ...]:
    return (update.incident_number,) if update.incident_number else ()
