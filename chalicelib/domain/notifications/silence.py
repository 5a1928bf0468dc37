"""Silence: the people of a grave incident hear nothing from us about any other, for as long as the settings say. Pure.

A silence that has begun ends at its own end or by an audited release. Other settings, another beat and too many words
do not end it. So nothing here ever ends one. `unsafe_people` says who must not be contacted at all: that is a matter
of the person, and has no end.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Latch, Update
from chalicelib.domain.notifications.record import Silence
from chalicelib.domain.notifications.safety import sensitive_because, sensitive_word
from chalicelib.domain.settings.agency import Agency


def begins_silence(incident: Incident, agency: Agency, updates: Iterable[Update] = ()) -> bool:
    """Tell whether an incident silences its people: it is sensitive, involves a juvenile, or did so before.

    The updates' own words count too: an overfull incident may have no room for them. What a release covers does not
    count.
    """
    if incident.silences or incident.holds(Latch.JUVENILE):
        return True
    if sensitive_because(incident, agency):
        return True
    return incident.overfull and any(
        sensitive_word(item, agency) for update in updates for item in update.evidence - incident.released_words
    )


def silence_of(
    incident: Incident, agency: Agency, updates: Iterable[Update], now: datetime, begun: bool
) -> Silence | None:
    """Return the silence of an incident's people, None where it has not begun or nobody can be reached.

    It counts from when we heard, since a clock elsewhere may be years behind. It covers every address that was ever on
    the incident or on one that is the same, and those that an overfull incident has no room for.
    """
    told = frozenset[str]().union(*(update.addresses for update in updates))
    addresses = incident.all_addresses | told
    since = max(incident.as_of or now, now)
    return Silence(addresses, since + agency.silence) if begun and addresses else None


def unsafe_people(before: Incident, after: Incident, now: datetime) -> dict[str, datetime]:
    """Return every address of the parties that are unsafe to contact, with the instant of the latest word about it.

    A new word is of now, whatever its own time says. A known one keeps its time, so that a person's release holds. No
    word is of later than now: a clock that is ahead must not outlast a release.
    """
    known = before.unsafe_since
    return {
        address: min(said_at, now) if known.get(address) == said_at else now
        for address, said_at in after.unsafe_since.items()
    }
