"""Answer a person who texted us: at once, at most once, and never where they asked for silence.

An answer is no notification: it has no row, no plan and no second try. An answer that no provider takes is logged and
forgotten; the choice that it confirms was stored before.
"""

import logging
from collections.abc import Mapping, Sequence

from chalicelib.domain.notifications.render import fill
from chalicelib.domain.people.reply import HOUR, Answered, Intent, Reply, answer_id, may_answer, recent
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.carrier import Outgoing, SendFailed
from chalicelib.ports.world import Ports

LIVES_FOR = 600
"""Seconds for which a carrier may still deliver an answer; later, its reader has forgotten the question."""

_log = logging.getLogger("tenfour")
"""The boundary's logger, by its name, because flows may not import the boundary."""


def answer(asked: Sequence[Intent], reply: Reply, language: str, agency: Agency, ports: Ports) -> None:
    """Answer a reply in a language with one text, but for what the person was answered just now. Busy.

    One text tells a person who calls for help and changes their consent both: call 911, and that the choice counted.
    """
    if agency.mode != "live":
        return
    left = [one for one in asked if _may(one, reply, agency, ports)]
    if left:
        say(ports.words(agency, language)["reply"]["_".join(left)], {}, reply, agency, ports)


def say(words: str, values: Mapping[str, str], reply: Reply, agency: Agency, ports: Ports) -> None:
    """Text a person back, once; `values` are added to those of every answer."""
    known = {
        "agency": agency.short_name,
        "agency_name": agency.name,
        "non_emergency": agency.numbers.non_emergency,
    }
    outgoing = Outgoing(
        id=answer_id(agency.agency_id, reply),
        address=reply.sender,
        sender=reply.number,
        body=fill(words, {**known, **values}),
        lives_for=LIVES_FOR,
        origin=agency.survey.home,
        max_price=agency.providers.max_price,
        protect=agency.providers.protect_configuration,
    )
    sender = ports.senders.get(_provider(reply, agency, ports))
    if sender is None:
        _log.warning("answer not sent", extra={"outcome": "permanent", "reason": "no_provider"})
        return
    try:
        sender.send(outgoing)
    except SendFailed as failure:
        _log.warning("answer not sent", extra={"outcome": failure.outcome, "reason": failure.reason})


@again_on_conflict()
def _may(asked: Intent, reply: Reply, agency: Agency, ports: Ports) -> bool:
    """Take the right to answer now; after a conflict with another process, check again."""
    past = ports.contacts.answered(agency.agency_id, reply.sender)
    if not may_answer(asked, past, reply.at):
        return False
    now = (*recent(past, reply.at), Answered(asked, reply.at))
    ports.contacts.note_answered(agency.agency_id, reply.sender, past, now, reply.at + HOUR)
    return True


def _provider(reply: Reply, agency: Agency, ports: Ports) -> str:
    """Return the provider of the number that was texted, so that the answer comes from there.

    The agency may have changed to another provider since: people still answer to the old number.
    """
    ours = agency.providers.of("sms")
    known = (*ours, *ports.senders)
    return next((name for name in known if agency.numbers.sender(name, "sms") == reply.number), ours[0])
