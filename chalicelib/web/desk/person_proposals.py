"""Acts on a person that take two people: proposed here, approved by somebody else on the page for that."""

from datetime import date

from msgspec import Struct

from chalicelib.domain.approval import Author
from chalicelib.domain.ledger.noted import clean_ticket
from chalicelib.domain.ledger.what import REASONS
from chalicelib.domain.ledger.who import by_desk, clean_name
from chalicelib.domain.people.consent import Reference
from chalicelib.web.desk.asked_why import Reason
from chalicelib.web.desk.visit import Visit


class Done(Struct, frozen=True, kw_only=True):
    """What became of an act, in words; `problem` says that nothing was done."""

    says: str
    problem: bool = False
    again: bool = False


def propose(visit: Visit, name: str, person: Reference, reason: Reason) -> Done:
    """Put an act before a second person, unless what it ends has changed since the form was opened."""
    from chalicelib.insight.approval import of_person

    words = _form_of(visit) if name == "opt-in" else {}
    if words is None:
        return Done(says=visit.say("person.form_missing"), problem=True)
    if name == "erase":
        return _propose_erasure(visit, person, reason)
    agency_id = visit.ours.agency_id
    wanted = of_person.act_of_person(agency_id, name.replace("-", "_"), person, said(reason), **words)
    try:
        waits = of_person.propose_of_person(
            visit.world, wanted, author_of(visit), said(reason), visit.now, visit.asked.form.get("seen")
        )
    except of_person.NothingToEnd:
        return Done(says=visit.say("person.nothing_to_end"), problem=True)
    if waits is None:
        return Done(says=visit.say("person.changed_since"), problem=True)
    return Done(says=visit.say("person.now_waits"))


def _propose_erasure(visit: Visit, person: Reference, reason: Reason) -> Done:
    from chalicelib.insight.approval.erasing import propose_erasure
    from chalicelib.insight.people.behind import person_behind
    from chalicelib.insight.records.person import TooSoon, UnderHold

    known = person_behind(visit.world, visit.ours, person)
    if known is None:
        return Done(says=visit.say("person.unknown"), problem=True)
    try:
        propose_erasure(visit.world, known, author_of(visit), said(reason), visit.now)
    except UnderHold:
        return Done(says=visit.say("person.under_hold"), problem=True)
    except TooSoon:
        return Done(says=visit.say("person.too_soon"), problem=True)
    return Done(says=visit.say("person.erasure_waits"))


def _form_of(visit: Visit) -> dict[str, str] | None:
    """Return which signed form asks to be written to again, or None where it is not named."""
    number, dated = clean_ticket(visit.asked.form.get("form", "")), visit.asked.form.get("dated", "").strip()
    try:
        on = date.fromisoformat(dated)
    except ValueError:
        return None
    today = visit.now.astimezone(visit.ours.zone).date()
    return {"form": number, "dated": on.isoformat()} if number and on <= today else None


def author_of(visit: Visit) -> Author:
    """Return the person who visits, as the acts of two people name them."""
    who = visit.person
    return Author(by_desk(who.issuer, who.subject), clean_name(who.name))


def said(reason: Reason) -> str:
    """Return a reason as the ledger and a hold keep it: words of the list, and a number."""
    return ", ".join(filter(None, (REASONS.get(reason.why, ""), reason.ticket)))
