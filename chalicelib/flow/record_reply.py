"""A person texts back: STOP silences them from this moment, START restores, anything else is kept and answered.

What somebody wants is stored first, and again if the text is heard again: it is the same each time. Only
then is the text marked as heard, and answered at most once.
"""

from datetime import timedelta
from functools import partial

from chalicelib.domain.agency import Agency
from chalicelib.domain.consent import widest
from chalicelib.domain.contact import Contact, OptOutScope
from chalicelib.domain.reply import Intent, Reply, intent, language_of
from chalicelib.flow.answer import answer
from chalicelib.flow.retry import until_settled
from chalicelib.ports import Ports

REMEMBERED_FOR = timedelta(days=14)
"""How long a text is known again: longer than any queue keeps it."""

_SCOPES = {Intent.STOP: OptOutScope.ALL, Intent.NO_SURVEYS: OptOutScope.SURVEYS}


def take_reply(reply: Reply, ports: Ports) -> Intent:
    """Do what the reply asks and return what that was; LookupError where no agency has the number, Busy."""
    agency = ports.settings.agency_at(reply.number)
    if agency is None:
        raise LookupError("a text to a number that is no agency's")
    asked, before = until_settled(partial(_do, intent(reply.body), reply, agency, ports), ports)
    told = Intent.OTHER if asked is Intent.YES and before.opted_out is None else asked
    told = Intent.START if told is Intent.YES else told
    if told is Intent.OTHER:
        ports.contacts.keep_reply(agency.agency_id, reply, reply.at + agency.retention.history)
    again = reply.message_id and ports.contacts.heard(agency.agency_id, reply.message_id, reply.at + REMEMBERED_FOR)
    if not again and _wants_answer(told, before):
        language = language_of(reply.body) or before.language or agency.language
        answer(told, reply, language, agency, ports)
    return asked


def _do(asked: Intent, reply: Reply, agency: Agency, ports: Ports) -> tuple[Intent, Contact]:
    """Store what is wanted; return it with what was known of the person before."""
    who = agency.agency_id, reply.sender
    known = ports.contacts.load(*who, reply.at.astimezone(agency.zone).date())
    if asked in _SCOPES:
        scope = widest(known.opted_out, _SCOPES[asked])
        ports.contacts.opt_out(*who, scope, reply.at, reply.body, "reply")
    elif asked is Intent.START or (asked is Intent.YES and known.opted_out):
        ports.contacts.opt_in(*who, reply.at, reply.body, "reply")
    return asked, known


def _wants_answer(told: Intent, before: Contact) -> bool:
    """Tell whether somebody is to hear back: who has said STOP hears only who we are, and that START counted.

    Their one confirmation has told them to call or text 911.
    """
    if told in (Intent.START, Intent.HELP):
        return True
    return before.opted_out is not OptOutScope.ALL and not (told is Intent.NO_SURVEYS and before.opted_out is not None)
