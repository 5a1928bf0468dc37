"""Mail what waits to those whom settings name: each minute, after the list of what waits is up to date.

An agency that wants none costs nothing. Any other costs a read, and a write where an email went or a cause ended. An
email goes before it is remembered: a crash between the two tells somebody twice, and never nobody.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chalicelib.domain.desk.attention import Waiting
from chalicelib.domain.desk.waiting_mail import Letter, counts_comments, due_letters
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.people.reply import passing_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.watchers import short_name
from chalicelib.flow.apart import apart
from chalicelib.ports.carrier import Outgoing, SendFailed
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports

LIVES_FOR = 24 * 3600
_log = logging.getLogger("tenfour")


def mail_waiting(ports: Ports, now: datetime, seen: Mapping[str, tuple[Waiting, ...]]) -> None:
    """Mail what waits to each agency's people; ExceptionGroup of the agencies where that failed.

    `seen` is what waits at an agency, as `tend_attention` left it; of one that is not in it, the list is read.
    """
    apart(ports.settings.agencies(), partial(_mail_agency, ports, now, seen))


def _mail_agency(ports: Ports, now: datetime, seen: Mapping[str, tuple[Waiting, ...]], agency_id: str) -> None:
    agency = ports.settings.agency(agency_id)
    if agency is None or agency.desk.mail.when == "off":
        return
    before = ports.settings.paging(agency_id)
    waits = seen[agency_id] if agency_id in seen else ports.attention.of(agency_id)
    comments = _comments(agency, ports, now)
    letters, mailed = due_letters(waits, agency.desk.mail, before.mailed, now, agency.zone, comments)
    for letter in letters:
        _send(letter, agency, ports, now)
    if mailed != before.mailed:
        with suppress(Conflict):  # the desk wrote in the same minute: somebody is told twice
            ports.settings.note_paging(agency_id, before, replace(before, mailed=mailed))


def _comments(agency: Agency, ports: Ports, now: datetime) -> int:
    """Return how many comments wait to be read, where an email says so, by one query."""
    mail = agency.desk.mail
    if not any(counts_comments(mail, role) for role in mail.to):
        return 0
    from chalicelib.flow.surveys.count_comments import count_comments  # noqa: PLC0415  of few agencies

    return count_comments(ports, agency.agency_id, now)


def _send(letter: Letter, agency: Agency, ports: Ports, now: datetime) -> None:
    provider = agency.providers.of("email")[0]
    subject, body = _words(letter, agency, ports)
    for box in letter.boxes:
        message = Outgoing(
            id=passing_id(agency.agency_id, f"waits-{short_name(box)}-{now:%Y%m%dT%H%M}"),
            address=box,
            sender=agency.numbers.sender(provider, "email"),
            subject=subject,
            body=body,
            lives_for=LIVES_FOR,
        )
        try:
            ports.senders[provider].send(message)
        except SendFailed as failure:
            _log.warning("mail not sent", extra={"reason": failure.reason, "address": short_name(box)})
            ports.notice(Notice.NOT_PAGED, agency=agency.agency_id)


def _words(letter: Letter, agency: Agency, ports: Ports) -> tuple[str, str]:
    """Return the subject and the body: what waits, and how many of it; never which or whose."""
    words = ports.words(agency, agency.language)["waiting"]
    lines = "\n".join(fill(words[cause], {"count": str(count)}) for cause, count in letter.counts)
    if letter.comments:
        lines = "\n".join(filter(None, (lines, fill(words["comments"], {"count": str(letter.comments)}))))
    total = str(sum(count for _, count in letter.counts) + letter.comments)
    values = {"agency": agency.short_name, "count": total, "lines": lines, "link": agency.desk.mail.link}
    return fill(words["subject"], values), fill(words["body"], values)
