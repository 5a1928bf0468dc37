"""The recipients of an incident's notifications: each person once, by text if possible, else by email."""

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.names import Kind, recipient_name
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency

MOST_RECIPIENTS = 10


class Recipient(Struct, frozen=True):
    """A party that can be told, the address to use, and all its other addresses.

    `told` are the kinds that it got already, about an incident that turned out to be the same as this one, at some of
    the addresses `told_at`.
    """

    party_id: str
    channel: Channel
    address: str
    addresses: frozenset[str]
    victim: bool
    told: frozenset[Kind] = frozenset()
    told_at: frozenset[str] = frozenset()


class Unreachable(Struct, frozen=True):
    """A party that is not told, and why. It may have been told before, and somebody else may have its phone."""

    party_id: str
    reason: Reason
    detail: str = ""
    told: frozenset[Kind] = frozenset()
    told_at: frozenset[str] = frozenset()


def recipients(incident: Incident, agency: Agency) -> tuple[Recipient | Unreachable, ...]:
    """Return each party as a recipient, or with the reason why it is none; the incident's own parties come first."""
    unsafe, told = incident.unsafe_addresses, _told(incident)
    found: list[Recipient | Unreachable] = []
    room = MOST_RECIPIENTS
    for party_id, party in incident.everyone.items():
        someone = _reach(party_id, party, unsafe, agency)
        if isinstance(someone, Recipient):
            room -= 1
            someone = someone if room >= 0 else Unreachable(party_id, Reason.TOO_MANY_RECIPIENTS)
        if party_id in told:
            someone = replace(someone, told=told[party_id], told_at=party.addresses | party.ever_at)
        found.append(someone)
    return tuple(found)


def callers(incident: Incident) -> int:
    """Return how many different people reported the incident, reachable or not."""
    parties = [(name, party) for name, party in incident.crowd.items() if party.role in (None, "caller")]
    return len({min(party.addresses, default=f"party {name}") for name, party in parties})


def awaits_human(incident: Incident, agency: Agency) -> bool:
    """Tell whether so many people called about one incident that a person must release the texts to them."""
    return callers(incident) >= agency.mass_call and not incident.released("mass_call")


def _told(incident: Incident) -> dict[str, frozenset[Kind]]:
    own = {recipient_name(party_id): kinds for party_id, kinds in incident.told.items()}
    return own | {
        recipient_name(party_id, number): kinds
        for number, follower in incident.followers.items()
        for party_id, kinds in follower.told.items()
    }


def _reach(party_id: str, party: Party, unsafe: frozenset[str], agency: Agency) -> Recipient | Unreachable:
    known = _known_at(party)
    bars = (
        (party.role == "witness", Reason.WITNESS),
        (party.contact_kind not in (None, "personal"), Reason.NOT_PERSONAL),
        (bool(known & unsafe), Reason.UNSAFE_TO_CONTACT),
        (bool(known & agency.institutional_numbers), Reason.INSTITUTIONAL_NUMBER),
    )
    for holds, reason in bars:
        if holds:
            return Unreachable(party_id, reason)
    at: dict[Channel, str | None] = {"sms": party.phone.number if party.phone else None, "email": party.email}
    for channel in agency.channels:
        address = at[channel]
        if address:
            return Recipient(party_id, channel, address, known, party.role == "victim")
    problem = party.phone.problem if party.phone else None
    return Unreachable(party_id, Reason.NO_ADDRESS, problem or "")


def _known_at(party: Party) -> frozenset[str]:
    """Return every address by which a person is known: also the numbers in a phone field that nobody can text.

    A silence, a STOP or an unsafe word at such a number counts for their email too.
    """
    readable_only = party.phone is not None and party.phone.number is None
    return party.addresses | party.ever_at if readable_only else party.addresses
