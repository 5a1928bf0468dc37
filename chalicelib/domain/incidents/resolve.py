"""Resolve names: which of the incidents that bear a name an update is about. Pure.

A number may be used again: each year, each day, or by a system that nobody set up. So an update joins an incident by
its number only if both can be of one call. The limits are chosen from real dispatch data. Times of one call contradict
each other by up to 9 hours, and the same number of the next day's counter comes after about 24. A records system tells
of a call days later; 90 days leave room for a slow one.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.incidents.places import period
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.settings.identity import IdentityRules

APART = timedelta(hours=12)
"""Calls of one number that were received further apart are two calls, if the dispatch system says so."""

OVER: dict[Source, timedelta] = {"cad": timedelta(days=7), "rms": timedelta(days=90)}
"""How long after a call's end, or its last word, a system still speaks of it without saying when it began."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class Choice(Struct, frozen=True):
    """The incident that an update is about, None where it is none of them; `unclear` where it may be several."""

    incident: Incident | None = None
    unclear: bool = False


def waits_for_id(incident: Incident, rules: IdentityRules) -> bool:
    """Tell whether nobody is told of an incident until the dispatch system's id of it comes."""
    return incident.identity.unclear or (rules.cad == "always" and not incident.identity.of_dispatch)


def choose(update: Update, known: Iterable[Incident], rules: IdentityRules, zone: tzinfo) -> Choice:
    """Return which of the incidents that bear an update's number, or its id, the update is about."""
    bearing = list(known)
    by_id = [one for one in bearing if update.incident_id and update.incident_id in one.identity.ids]
    if by_id:
        return Choice(by_id[0])
    found = [one for one in bearing if _may_share(update, one) and one_call(update, one, rules, zone)]
    silent = update.source == "rms" and received(update) is None
    if silent and (len(found) > 1 or rules.numbers_restart == "daily"):
        return Choice(unclear=True)
    return Choice(likeliest(update, found))


def one_call(update: Update, incident: Incident, rules: IdentityRules, zone: tzinfo) -> bool:
    """Tell whether an update that names an incident's number can be about that call."""
    if incident.as_of is None:
        return True  # only others spoke of it so far
    told, known = received(update), incident.facts.received_at
    if told is None or known is None:
        return (told or update.as_of) - _last_word(incident) <= _over(update.source, rules)
    exact = rules.numbers_restart == "daily" or update.source == "cad"
    if rules.numbers_restart != "never" and exact:
        return period(told, rules, zone) == period(known, rules, zone)
    limit = APART if update.source == "cad" else OVER["rms"]
    return any(abs(told - at) <= limit for at in (known, incident.facts.scheduled_for) if at)


def missed(known: Iterable[Incident], rules: IdentityRules, zone: tzinfo) -> tuple[Incident, Incident] | None:
    """Return two incidents of one number of which one was begun while the other got it, or None.

    The one has no id, and both can be of one call. Two webhooks at once may do that: neither sees the other's words.
    """
    found = [one for one in known if one.as_of and not one.identity.unclear]
    for one in (each for each in found if not each.identity.of_dispatch):
        for other in (each for each in found if each.identity.of_dispatch):
            if _one_of_both(one, other, rules, zone):
                return other, one
    return None


def _one_of_both(one: Incident, other: Incident, rules: IdentityRules, zone: tzinfo) -> bool:
    if other.as_of is None or one.as_of is None:
        return False
    at = other.facts.received_at
    facts = {"received_at": at} if at else {}
    said = Update(incident_number="", as_of=min(one.as_of, other.as_of), update_id="", facts=facts)
    return one_call(said, one, rules, zone)


def is_about(update: Update, incident: Incident, rules: IdentityRules, zone: tzinfo) -> bool:
    """Tell whether an update is about an incident of whose names it has one."""
    identity = incident.identity
    if identity.unclear or (update.incident_id and update.incident_id in identity.ids):
        return True
    silent = rules.numbers_restart == "daily" and update.source == "rms" and received(update) is None
    return not silent and _may_share(update, incident) and one_call(update, incident, rules, zone)


def received(update: Update) -> datetime | None:
    """Return when an update says that its call was received."""
    at: datetime | None = update.facts.get("received_at")
    return at


def may_be_one(one: Incident, other: Incident) -> bool:
    """Tell whether two incidents that one update names are the same; two ids of the dispatch system are two calls."""
    return one.key != other.key and not (one.identity.of_dispatch and other.identity.of_dispatch)


def _may_share(update: Update, incident: Incident) -> bool:
    """Tell whether an update may be about an incident that does not bear its id; two ids of CAD are two calls."""
    other = update.source == "cad" and update.incident_id and incident.identity.of_dispatch
    return not (other or incident.identity.unclear)


def _over(source: Source, rules: IdentityRules) -> timedelta:
    return APART if rules.numbers_restart == "daily" and source == "cad" else OVER[source]


def _last_word(incident: Incident) -> datetime:
    """Return when a call ended or was last spoken of, whichever is later."""
    facts = incident.facts
    return max(at for at in (incident.as_of, facts.received_at, facts.closed_at, facts.cancelled_at) if at)


def likeliest(update: Update, found: Sequence[Incident]) -> Incident | None:
    """Return the call that was received nearest; without such a word the last one that had begun by the update."""
    told = received(update)
    if told is not None:
        return min(found, key=lambda one: (abs(told - _begun(one)), one.key), default=None)
    begun = [one for one in found if _begun(one) <= update.as_of + APART]
    return max(begun, key=_begun, default=min(found, key=_begun, default=None))


def _begun(incident: Incident) -> datetime:
    return incident.facts.received_at or incident.as_of or _NEVER
