"""Release an incident: a person allows what the rules hold back, with a name and a reason that stay with it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from chalicelib.domain.approval import Entry
from chalicelib.domain.desk.holds import silenced_alone
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.notifications.record import NOTHING_LIFTED, IncidentRecord, Lifted
from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.awaited import beside_its_leader
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.ports.world import Ports


class NothingHeld(LookupError):
    """The error for a release of nothing: a release covers what is known, never what may come."""


class ChangedSince(LookupError):
    """The incident is not what two people decided on."""


def held_state(key: IncidentKey, release: Release, ports: Ports) -> str:
    """Return a digest of all that a release of an incident would cover now.

    LookupError where there is no such incident, NothingHeld.
    """
    return state_of(_held(key, release, ports)[0].incident)


@again_on_conflict()
def release_hold(
    key: IncidentKey,
    release: Release,
    ports: Ports,
    now: datetime,
    entries: Sequence[Entry] = (),
    of: str | None = None,
) -> None:
    """Store the release, with its entries in the ledger, and decide anew.

    `of` is the digest that two people decided on: a word that came since makes it ChangedSince. LookupError where there
    is no such incident, NothingHeld, Busy.
    """
    record, agency = _held(key, release, ports)
    if of not in (None, state_of(record.incident)):
        raise ChangedSince(f"{key.incident_number}: something was told of it since; propose it again")
    lifted = lifted_by(record.incident, release.what, release.party_id)
    decide_anew(record, record.incident.release(release), agency, ports, now, lifted=lifted, entries=tuple(entries))


def _held(key: IncidentKey, release: Release, ports: Ports) -> tuple[IncidentRecord, Agency]:
    record = ports.incidents.load(key)
    agency = settings_of(record, ports)
    if not record.version or agency is None:
        raise LookupError(f"{key.agency_id} has no incident {key.incident_number}")
    held, _ = beside_its_leader(record.incident, ports)
    if not _is_held(held, release, agency.at(held.facts.beat)):
        raise NothingHeld(f"{key.incident_number}: nothing is held as {release.what} {release.party_id}".rstrip())
    return record, agency


def state_of(incident: Incident) -> str:
    """Return a digest of what was said of an incident's nature and people; a word that is repeated does not change it.

    Addresses only grow, so their number says whether one came: a digest of the addresses could be guessed.
    """
    said = sorted(map(str, incident.judged_words)), sorted(incident.latches), len(incident.all_addresses)
    unsafe = sorted(name for name in incident.everyone if incident.is_unsafe(name))
    return sha256(repr((*said, unsafe)).encode()).hexdigest()[:32]


def lifted_by(incident: Incident, what: str, party_id: str) -> Lifted:
    """Return what a release ends for an incident's people: a silence that it began, or an unsafe word about a party."""
    if what in ("sensitive", "juvenile"):
        return Lifted(silenced=incident.all_addresses)
    return Lifted(unsafe=incident.ever_of(party_id)) if what == "unsafe" else NOTHING_LIFTED


def _is_held(incident: Incident, release: Release, agency: Agency) -> bool:
    match release.what:
        case "sensitive":
            return silenced_alone(incident) or sensitive_because(incident, agency) is not None
        case "mass_call":
            return awaits_human(incident, agency)
        case "unsafe":
            return incident.is_unsafe(release.party_id)
        case latch:
            return incident.holds(Latch(latch))
