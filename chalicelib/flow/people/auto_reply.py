"""Answer a person who texted us: at once, at most once, and never where they asked for silence.

An answer is no notification: it has no plan and no second try. Once the provider was called, one write keeps the text
and what became of it in the person's conversation, so that the desk shows what the phone got. The choice that an
answer confirms was stored before. A process that ends between the call and the write leaves a text that no page shows.
"""

import logging
from collections.abc import Mapping, Sequence

from msgspec import Struct

from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.people.canned import Canned, Said, automatic_key, automatic_row
from chalicelib.domain.people.reply import HOUR, Answered, Intent, Reply, answer_id, may_answer, recent
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.carrier import Outgoing, Sender, SendFailed
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
        name = "_".join(left)
        say(Back(name, ports.words(agency, language)["reply"][name], language), reply, agency, ports)


class Back(Struct, frozen=True):
    """A text that answers a reply: what it is for, its words and language, and what they may fill in beside the usual.

    `secret` is between the agency and the person: what is kept of the text only marks where it was.
    """

    name: str
    words: str
    language: str
    values: Mapping[str, str] = {}
    secret: str = ""


def say(back: Back, reply: Reply, agency: Agency, ports: Ports) -> None:
    """Text a person back, once, and keep what was said and what became of it."""
    known = {
        "agency": agency.short_name,
        "agency_name": agency.name,
        "non_emergency": agency.numbers.non_emergency,
    }
    body = fill(back.words, {**known, **back.values})
    outgoing = Outgoing(
        id=answer_id(agency.agency_id, reply),
        address=reply.sender,
        sender=reply.number,
        body=body,
        lives_for=LIVES_FOR,
        origin=agency.survey.home,
        max_price=agency.providers.max_price,
        protect=agency.providers.protect_configuration,
    )
    became = _hand_over(outgoing, ports.senders.get(_provider(reply, agency, ports)))
    kept = body.replace(back.secret, "…") if back.secret else body
    said = Said(kept, back.language, segment_count(body), agency.version)
    ports.conversations.keep(_row(back.name, said, became, reply, agency, ports))


class _Became(Struct, frozen=True):
    """What a provider made of an answer; `sent` is its name, and its own name for the text."""

    state: State
    reason: str = ""
    sent: tuple[str, str] = ("", "")


def _hand_over(outgoing: Outgoing, sender: Sender | None) -> _Became:
    """Give an answer to the provider of the number, once; nobody tries again, so what is not taken has failed."""
    if sender is None:
        return _not_sent(SendFailed("permanent", "no_provider"))
    try:
        sent = sender.send(outgoing)
    except SendFailed as failure:
        return _not_sent(failure)
    return _Became(State.SENT, sent=(sent.provider, sent.reference))


def _not_sent(failure: SendFailed) -> _Became:
    _log.warning("answer not sent", extra={"outcome": failure.outcome, "reason": failure.reason})
    state = State.UNKNOWN if failure.outcome == "ambiguous" else State.FAILED
    return _Became(state, failure.reason)


def _row(name: str, said: Said, became: _Became, reply: Reply, agency: Agency, ports: Ports) -> Canned:
    keyed_hash = ports.contacts.reference(reply.sender).keyed_hash
    under_hold = keyed_hash in ports.settings.held(agency.agency_id)
    keep_until = None if under_hold else reply.at + agency.retention.history
    key = automatic_key(agency.agency_id, keyed_hash, reply.at, name)
    return automatic_row(key, said, became.state, became.reason, keep_until, became.sent)


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
