"""Whom an incident's notifications go to: each person once, by text if possible, else by email."""

from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.incident import Incident, Party
from chalicelib.domain.notification import Channel
from chalicelib.domain.reasons import Reason

MOST_RECIPIENTS = 10


class Recipient(Struct, frozen=True):
    """Somebody who can be told, where, and by what other addresses they go."""

    party_id: str
    channel: Channel
    address: str
    addresses: frozenset[str]
    victim: bool


class Unreachable(Struct, frozen=True):
    """Somebody who is not told, and why."""

    party_id: str
    reason: Reason
    detail: str = ""


def recipients(incident: Incident, agency: Agency) -> tuple[Recipient | Unreachable, ...]:
    """Return each party in the order of its id, as somebody to tell or as the reason why not."""
    unsafe = frozenset[str]().union(*(party.ever_at for party in incident.parties.values() if party.unsafe))
    found: list[Recipient | Unreachable] = []
    room = MOST_RECIPIENTS
    for party_id, party in sorted(incident.parties.items()):
        someone = _reach(party_id, party, unsafe, agency.institutional_numbers)
        if isinstance(someone, Recipient):
            room -= 1
            someone = someone if room >= 0 else Unreachable(party_id, Reason.TOO_MANY_RECIPIENTS)
        found.append(someone)
    return tuple(found)


def callers(incident: Incident) -> int:
    """Return how many different people reported the incident or suffered from it, reachable or not."""
    parties = [(name, party) for name, party in incident.parties.items() if party.role != "witness"]
    return len({min(party.addresses, default=f"party {name}") for name, party in parties})


def _reach(
    party_id: str, party: Party, unsafe: frozenset[str], institutional: frozenset[str]
) -> Recipient | Unreachable:
    bars = (
        (party.role == "witness", Reason.WITNESS),
        (party.contact_kind not in (None, "personal"), Reason.NOT_PERSONAL),
        (party.unsafe or bool(party.addresses & unsafe), Reason.UNSAFE_TO_CONTACT),
        (bool(party.addresses & institutional), Reason.INSTITUTIONAL_NUMBER),
    )
    for holds, reason in bars:
        if holds:
            return Unreachable(party_id, reason)
    victim = party.role == "victim"
    if party.phone and party.phone.number:
        return Recipient(party_id, "sms", party.phone.number, party.addresses, victim)
    if party.email:
        return Recipient(party_id, "email", party.email, party.addresses, victim)
    problem = party.phone.problem if party.phone else None
    return Unreachable(party_id, Reason.NO_ADDRESS, problem or "")
