"""Page the people who watch: each minute, after the list of what waits is up to date.

An agency that names nobody costs nothing. For any other it is one read, and a write where somebody was paged; one read
more where the list could not be brought up to date before. A page goes before it is remembered: a crash between the two
pages somebody twice, and never nobody. Where an address can't be reached, the page goes to the others of its ladder in
the same minute.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.drill import Drills, to_send
from chalicelib.domain.desk.paging import Page, due_pages
from chalicelib.domain.notifications.notification import Channel, Provider
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.people.reply import passing_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.watchers import is_phone, short_name
from chalicelib.flow.apart import apart
from chalicelib.ports.carrier import Outgoing, SendFailed
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports

BY_TEXT: Provider = "sns"
"""Pages go by SNS itself, so that they arrive while the provider of the agency's own texts is down."""

LIVES_FOR = 15 * 60
NOTHING_SEEN: Mapping[str, tuple[Waiting, ...]] = MappingProxyType({})
_log = logging.getLogger("tenfour")


def page_watchers(ports: Ports, now: datetime, seen: Mapping[str, tuple[Waiting, ...]] = NOTHING_SEEN) -> None:
    """Page whom each agency's settings name; ExceptionGroup of the agencies where that failed.

    `seen` is what waits at an agency, as `tend_attention` left it; of one that is not in it, the list is read.
    """
    apart(ports.settings.agencies(), partial(_page_agency, ports, now, seen))


def _page_agency(ports: Ports, now: datetime, seen: Mapping[str, tuple[Waiting, ...]], agency_id: str) -> None:
    agency = ports.settings.agency(agency_id)
    if agency is None or not agency.watchers:
        return
    before = ports.settings.paging(agency_id)
    waits = seen[agency_id] if agency_id in seen else ports.attention.of(agency_id)
    standards = agency.survey.follow_up.standards
    pages, after = due_pages(waits, before, agency.watchers, now, agency.zone, standards)
    for page in pages:
        _send_to_somebody(page, agency, ports, now)
    after = replace(after, drills=_with_drills_sent(after.drills, agency, ports, now))
    if after != before:
        with suppress(Conflict):  # another sweep, or the desk, wrote in the same minute: somebody is paged twice
            ports.settings.note_paging(agency_id, before, after)


def _with_drills_sent(drills: Drills, agency: Agency, ports: Ports, now: datetime) -> Drills:
    """Send each drill that somebody asked for, and return the drills with what became of it."""
    words = ports.words(agency, agency.language)["paging"]["drill"]
    after = dict(drills)
    for address, drill in to_send(drills, agency.watchers):
        body = fill(words, {"agency": agency.short_name, "code": drill.code})
        problem = _problem(address, agency.short_name, body, agency, ports, now)
        after[short_name(address)] = replace(drill, trouble=problem) if problem else replace(drill, sent_at=now)
    return after


def _send_to_somebody(page: Page, agency: Agency, ports: Ports, now: datetime) -> None:
    """Send a page, to the others of its ladder where its own address can't be reached."""
    subject, body = _words(page, agency, ports, now)
    if all(_problem(address, subject, body, agency, ports, now) for address in (page.address, *page.beyond)):
        ports.notice(Notice.NOT_PAGED, agency=agency.agency_id)


def _problem(address: str, subject: str, body: str, agency: Agency, ports: Ports, now: datetime) -> str:
    """Send to an address, and return why it did not surely go: one page too many costs less than none."""
    channel: Channel = "sms" if is_phone(address) else "email"
    provider: Provider = BY_TEXT if channel == "sms" else agency.providers.of("email")[0]
    message = Outgoing(
        id=passing_id(agency.agency_id, f"page-{short_name(address)}-{now:%Y%m%dT%H%M}"),
        address=address,
        sender=agency.numbers.sender(provider, channel),
        subject="" if channel == "sms" else subject,
        body=body,
        lives_for=LIVES_FOR,
    )
    try:
        ports.senders[provider].send(message)
    except SendFailed as failure:
        _log.warning("page not sent", extra={"reason": failure.reason, "address": short_name(address)})
        return failure.reason
    return ""


def _words(page: Page, agency: Agency, ports: Ports, now: datetime) -> tuple[str, str]:
    """Return a page's subject and body: what waits, how many of it, how long; never which or whose."""
    words = ports.words(agency, agency.language)["paging"]
    told = ", ".join(fill(words[cause], {"count": str(count)}) for cause, count in page.counts)
    values = {"agency": agency.short_name, "told": told, "minutes": str((now - page.since) // timedelta(minutes=1))}
    danger = page.counts[0][0] is Cause.DANGER
    return fill(words["subject"], values), fill(words["danger_body" if danger else "body"], values)
