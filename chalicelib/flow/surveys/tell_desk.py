"""Tell a desk of what it must look at: by topic without anybody's words, and by email if the settings name a mailbox.

All that one survey asks of a desk is one email. Staff who can't be told now still find it in their list.
"""

import logging
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from chalicelib.domain.harmless import as_line, as_text
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.people.reply import passing_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.alert import Lead, page
from chalicelib.domain.surveys.follow_up import Because, Call, Desk, FollowUp
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.carrier import Outgoing, SendFailed
from chalicelib.ports.errors import NotTold
from chalicelib.ports.world import Ports

LIVES_FOR = 24 * 3600
EVERY_OTHER = "*"
_SHOWN_DIGITS = 4
_GAPS = re.compile(r"\n{3,}")

_log = logging.getLogger("tenfour")


def tell_desk(found: Sequence[FollowUp], survey: Survey | None, agency: Agency, ports: Ports, lead: Lead) -> None:
    """Tell one desk of the follow-ups of one survey or text, at least one."""
    for one in found:
        try:
            ports.desks.tell(one, page(one, agency))
        except NotTold:
            _log.warning("follow-up not told", extra={"desk": one.desk, "follow_up": one.id})
    mailbox, provider = _mailbox(found[0].desk, survey, agency, ports), agency.providers.of("email")[0]
    sender = ports.senders.get(provider)
    if not mailbox or sender is None:
        return
    subject, body = _words(found, agency, ports, lead)
    message = Outgoing(
        id=passing_id(agency.agency_id, found[0].id),
        address=mailbox,
        sender=agency.numbers.sender(provider, "email"),
        subject=subject,
        body=body,
        lives_for=LIVES_FOR,
    )
    try:
        sender.send(message)
    except SendFailed as failure:
        _log.warning("follow-up not mailed", extra={"reason": failure.reason, "follow_up": found[0].id})


def _words(found: Sequence[FollowUp], agency: Agency, ports: Ports, lead: Lead) -> tuple[str, str]:
    words = ports.words(agency, agency.language)["staff"]
    if found[0].because is Because.DANGER:
        values = _values(found, words, agency) | _of_danger(found[0], words, agency, lead)
        return fill(words["danger_subject"], values), _tidy(fill(words["danger_body"], values))
    values = _values(found, words, agency)
    return fill(words["subject"], values), _tidy(fill(words["body"], values))


def _tidy(text: str) -> str:
    """Return a text without the gaps that parts leave which say nothing."""
    return _GAPS.sub("\n\n", text).strip()


def _values(found: Sequence[FollowUp], words: Any, agency: Agency) -> dict[str, str]:
    one = found[0]
    due = min((each.due_at for each in found if each.due_at), default=None)
    reasons = [words[each.because] for each in found]
    return {
        "agency": agency.short_name,
        "incident_number": one.call(agency.zone),
        "because": ", ".join([reasons[0], *(reason[0].lower() + reason[1:] for reason in reasons[1:])]),
        "due": due.astimezone(agency.zone).strftime("%Y-%m-%d %H:%M") if due else "",
        "marks": ", ".join(f"{name} {mark}" for name, mark in one.marks.items()),
        "comments": "\n".join(map(_quoted, one.comments)),
        "id": ", ".join(each.id for each in found),
    }


def _quoted(comment: str) -> str:
    """Return a comment with a mark before each line, so that none of its lines looks like one of ours."""
    return "\n".join(f"> {line}" for line in as_text(comment).split("\n") if line.strip())


def _of_danger(one: FollowUp, words: Any, agency: Agency, lead: Lead) -> dict[str, str]:
    """Return what only an alert says; the whole phone goes to nobody but the mailbox that is there for alerts."""
    shown = lead.phone if agency.survey.follow_up.alerts else f"…{lead.phone[-_SHOWN_DIGITS:]}"
    calls = (_call(call, words, agency) for call in one.calls)
    at = one.raised_at.astimezone(agency.zone)
    return {
        "phone": shown if lead.phone else "",
        "hidden": "" if agency.survey.follow_up.alerts else "yes",
        "calls": "\n".join(calls),
        "at": f"{at:%Y-%m-%d %H:%M}",
        "live": "yes" if agency.mode == "live" else "",
    }


def _call(call: Call, words: Any, agency: Agency) -> str:
    at = call.received_at.astimezone(agency.zone) if call.received_at else None
    values = {"number": call.name(agency.zone), "type": call.incident_type, "beat": call.beat}
    told = {name: as_line(value) for name, value in values.items()}
    return fill(words["call"], told | {"at": f"{at:%Y-%m-%d %H:%M}" if at else ""})


def _mailbox(desk: Desk, survey: Survey | None, agency: Agency, ports: Ports) -> str:
    """Return a desk's mailbox, or "" where the settings name none. No other desk stands in for standards."""
    rules = agency.survey.follow_up
    match desk:
        case Desk.SUPERVISORS:
            return rules.supervisors
        case Desk.STANDARDS:
            return rules.standards
        case Desk.ALERTS:
            return rules.alerts or rules.supervisors
    units = _units(survey, ports) if survey and rules.praise else ()
    lists = ((pattern, box) for pattern, box in rules.praise.items() if pattern != EVERY_OTHER)
    of_unit = (box for pattern, box in lists for unit in units if fnmatchcase(unit, pattern))
    return next(of_unit, rules.praise.get(EVERY_OTHER, ""))


def _units(survey: Survey, ports: Ports) -> tuple[str, ...]:
    """Return the units of the incident, even if answers may not carry them; for an anonymous survey, its own."""
    if survey.notification is None:
        return survey.carried.units
    facts = ports.incidents.load(survey.notification.incident).incident.facts
    return tuple(unit.unit for unit in facts.units or ())
