"""Find the incident that an update is about, by the names in it: its id, and its number.

An incident whose key is the number that the update tells takes the one read that receiving takes anyway. Any other name
leads to the incident by one more. An update that is the first to bring a name also looks at where that name led before.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, count

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.identity import Identity
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.leading import Name
from chalicelib.domain.incidents.places import behind, place_of_id, place_of_number, places_of_number
from chalicelib.domain.incidents.resolve import (
    Choice,
    choose,
    is_about,
    likeliest,
    may_be_one,
    missed,
    one_call,
    received,
)
from chalicelib.domain.incidents.unclear import held_by, may_mean
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.identity import IdentityRules, Restart
from chalicelib.ports.world import Ports

MOST_PERIODS = 15
LOOKS_BACK: dict[Restart, timedelta] = {
    "never": timedelta(),
    "yearly": timedelta(days=365),
    "monthly": timedelta(days=30),
    "daily": timedelta(days=1),
}
"""How far a person's search goes back at each step."""


class Home(Struct, frozen=True, kw_only=True):
    """The incident that an update is about, as it is stored, and the places that must lead to it from now on.

    `proven` is the key of another incident that the update's names prove to be the same. `unabsorbed` are the keys of
    those that were proven to be the same earlier, and of which this one does not know all: something failed in between.
    `may_mean` are the keys of the calls that the update may be about, where it does not say which. `held` is what an
    earlier such update forbids to this call, of which nobody had told yet.
    """

    record: IncidentRecord
    names: tuple[Name, ...] = ()
    proven: str = ""
    unabsorbed: tuple[str, ...] = ()
    may_mean: tuple[str, ...] = ()
    held: tuple[Update, ...] = ()


class _Read:
    """The records that were read for one update, each once."""

    def __init__(self, agency_id: str, ports: Ports) -> None:
        self._agency_id, self._ports = agency_id, ports
        self._records: dict[str, IncidentRecord] = {}
        self.of_number: tuple[Incident, ...] = ()

    def at(self, place: str) -> IncidentRecord:
        """Return the record whose key is a place."""
        if place not in self._records:
            self._records[place] = self._ports.incidents.load(IncidentKey(self._agency_id, place))
        return self._records[place]

    def bearing(self, place: str) -> Iterator[IncidentRecord]:
        """Yield the incidents that bear the name of a place, those that were proven to be older ones as these."""
        there = self.at(place)
        for record in (there, *map(self.at, there.named)):
            if record.version:
                yield self.oldest(record)

    def unabsorbed(self, incident: Incident) -> Iterator[str]:
        """Yield the keys of those read that were proven to be the same as an incident, and that it does not know of."""
        for key, record in self._records.items():
            if record.incident.identity.same_as == incident.incident_number and key not in incident.identity.merged:
                yield key

    def oldest(self, record: IncidentRecord) -> IncidentRecord:
        """Return the incident that tells for one that was proven to be the same."""
        seen = set[str]()
        while record.incident.identity.same_as and record.incident.incident_number not in seen:
            seen.add(record.incident.incident_number)
            record = self.at(record.incident.identity.same_as)
        return record


def home_of(update: Update, agency: Agency, ports: Ports) -> Home:
    """Return the incident that an update is about, a new one where nothing leads to any."""
    read = _Read(agency.agency_id, ports)
    plain = _by_its_key(update, agency, read)
    if plain:
        return Home(record=plain)
    by_number, unclear = _by_number(update, agency, read)
    by_id, proven = _by_id(update, by_number, read)
    home = by_id or by_number or _new(update, agency, read, unclear)
    if by_id and by_number and may_be_one(by_id.incident, by_number.incident):
        proven = by_number.incident.incident_number
    twins = missed(read.of_number, agency.identity, agency.zone)
    if twins and home.incident.key in {one.key for one in twins}:
        proven = next(one.incident_number for one in twins if one.key != home.incident.key)
    names = tuple(_names(update, home, agency, read))
    waits = home.incident.identity.unclear
    return Home(
        record=home,
        names=names,
        proven=proven,
        unabsorbed=tuple(read.unabsorbed(home.incident)),
        may_mean=may_mean(update, read.of_number, agency.identity, agency.zone) if waits else (),
        held=() if home.version or waits else tuple(_held(update, agency, read)),
    )


def _held(update: Update, agency: Agency, read: _Read) -> Iterator[Update]:
    """Yield what is forbidden to a new call by words that came before it, and may have been about it."""
    waiting = (one for one in read.of_number if one.identity.unclear)
    about = (one for one in waiting if one_call(update, one, agency.identity, agency.zone))
    yield from filter(None, map(held_by, about))


def _by_its_key(update: Update, agency: Agency, read: _Read) -> IncidentRecord | None:
    """Return the incident whose key is the number that an update tells alone; nearly always there is no more to it."""
    rules = agency.identity
    if update.incident_id or rules.numbers_restart != "never" or rules.spelling != "exact":
        return None
    record = read.at(place_of_number(update.incident_number))
    if record.named or record.incident.identity.same_as:
        return None
    return record if not record.version or is_about(update, record.incident, rules, agency.zone) else None


def bearing(name: str, agency: Agency, ports: Ports, now: datetime) -> tuple[IncidentRecord, ...]:
    """Return every incident that ever had a name: a number, an id or a key. For people who look, not for a flow.

    Where numbers begin anew, it looks back over so many periods as people ask about.
    """
    read = _Read(agency.agency_id, ports)
    back = (now - LOOKS_BACK[agency.identity.numbers_restart] * turn for turn in range(MOST_PERIODS))
    periods = (places_of_number(name, at, at, agency.identity, agency.zone) for at in back)
    places = dict.fromkeys((name, place_of_id(name), *chain.from_iterable(periods)))
    found = {record.incident.key: record for place in places for record in read.bearing(place)}
    return tuple(found.values())


def with_link(update: Update, incident: Incident, agency: Agency, ports: Ports) -> Update:
    """Return an update in which a link to a duplicate's other incident names that one by its key.

    One read, but for a link that is known already. Nobody may have told of the other one: then it is waited for there.
    """
    link = update.facts.get("linked_to")
    if not isinstance(link, Link):
        return update
    by_number = link.incident_number if link.incident_number != place_of_id(link.incident_id) else ""
    plain = place_of_number(by_number) if by_number else place_of_id(link.incident_id)
    exact = not link.incident_id and agency.identity == replace(IdentityRules(), cad=agency.identity.cad)
    if link.relation == "related" or (exact and plain in incident.leaders):
        return _linked(update, link, plain)
    read, named = _Read(agency.agency_id, ports), _of_link(update, by_number, incident)
    by_id = next(read.bearing(place_of_id(link.incident_id)), None) if link.incident_id else None
    if by_id or not by_number:
        return _linked(update, link, by_id.incident.incident_number if by_id else plain)
    places = _places(named, agency)
    known = [record.incident for place in places for record in read.bearing(place)]
    meant = likeliest(named, known)
    return _linked(update, link, meant.incident_number if meant else places[0])


def _linked(update: Update, link: Link, key: str) -> Update:
    return replace(update, facts=update.facts | {"linked_to": Link(key, link.relation)})


def _of_link(update: Update, number: str, incident: Incident) -> Update:
    """Return an update about the incident that a link names, of the time of the call that names it."""
    at = received(update) or incident.facts.received_at
    facts = {"received_at": at} if at else {}
    return replace(update, incident_number=number, incident_id="", facts=facts)


def _by_number(update: Update, agency: Agency, read: _Read) -> tuple[IncidentRecord | None, bool]:
    """Return the incident that a number means, and whether that is not clear."""
    known: dict[IncidentKey, IncidentRecord] = {}
    choice = Choice()
    for place in _places(update, agency):
        known |= {record.incident.key: record for record in read.bearing(place)}
        read.of_number = tuple(record.incident for record in known.values())
        choice = choose(update, (record.incident for record in known.values()), agency.identity, agency.zone)
        if choice.incident and not _speaks_of_several(update, agency):
            break
    if choice.unclear:
        return next((record for record in known.values() if record.incident.identity.unclear), None), True
    return (known[choice.incident.key] if choice.incident else None), False


def _speaks_of_several(update: Update, agency: Agency) -> bool:
    """Tell whether an update may be about a call of this period or of the one before, and does not say which."""
    return agency.identity.numbers_restart != "never" and update.source == "rms" and received(update) is None


def _by_id(update: Update, by_number: IncidentRecord | None, read: _Read) -> tuple[IncidentRecord | None, str]:
    """Return the incident that has an update's id, and the key of another one that is the same as it.

    That is one of which only a duplicate spoke, in the moment in which the call itself got another key.
    """
    if not update.incident_id:
        return None, ""
    if by_number and update.incident_id in by_number.incident.identity.ids:
        return by_number, ""
    found = list(read.bearing(place_of_id(update.incident_id)))
    home = next((record for record in found if record.incident.as_of), found[0] if found else None)
    spoken_of = (each.incident for each in found if home and each is not home and not each.incident.as_of)
    return home, next((one.incident_number for one in spoken_of), "")


def _names(update: Update, home: IncidentRecord, agency: Agency, read: _Read) -> Iterator[Name]:
    """Yield the places of an update's names that do not lead to its incident yet."""
    identity, key = home.incident.identity, home.incident.key
    if update.incident_id and update.incident_id not in identity.ids:
        yield _name(place_of_id(update.incident_id), read)
    if update.incident_number and update.incident_number not in identity.numbers:
        places = _places(update, agency)
        if all(key not in {record.incident.key for record in read.bearing(place)} for place in places):
            yield _name(places[0], read)


def _name(place: str, read: _Read) -> Name:
    there = read.at(place)
    return Name(place=place, before=next(iter(there.named), ""), version=there.version)


def _new(update: Update, agency: Agency, read: _Read, unclear: bool) -> IncidentRecord:
    """Return a new incident; its key is its number, else its id, with a mark behind it where another has that key."""
    place = _places(update, agency)[0] if update.incident_number else place_of_id(update.incident_id)
    at = received(update) or update.as_of
    key = place if not unclear and not read.at(place).version else _free(place, at, agency, read)
    incident = Incident(agency_id=agency.agency_id, incident_number=key, identity=Identity(unclear=unclear))
    return replace(read.at(key), incident=incident)


def _free(place: str, at: datetime, agency: Agency, read: _Read) -> str:
    """Return the first key that no other call has, of those with a day and a turn behind a number."""
    base = (
        place if agency.identity.numbers_restart != "never" else behind(place, f"{at.astimezone(agency.zone):%Y%m%d}")
    )
    keys = (base if turn == 1 and base != place else f"{base}.{max(turn, 2)}" for turn in count(1))
    return next(key for key in keys if not read.at(key).version)


def _places(update: Update, agency: Agency) -> tuple[str, ...]:
    """Return where an incident of an update's number may be."""
    if not update.incident_number:
        return ()
    told = received(update)
    return places_of_number(update.incident_number, told, update.as_of, agency.identity, agency.zone)
