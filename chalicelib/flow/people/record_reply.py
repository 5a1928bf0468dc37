"""Record a reply: STOP silences a person at once, START restores, a survey's answer is stored, the rest is kept.

The person's choice is stored first. If the same text comes again, it is stored again, which changes nothing. Only
then is the text marked as heard, and answered at most once.
"""

from datetime import timedelta

from chalicelib.domain.people.consent import widest
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.danger import wishes
from chalicelib.domain.people.reply import CHOICES, Intent, Reply, language_of, text_name
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.alert import alert
from chalicelib.domain.surveys.conversation import Turn
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.people.auto_reply import answer
from chalicelib.flow.people.converse import begin
from chalicelib.flow.surveys.converse import Open, barred, converse, open_survey, speak
from chalicelib.flow.surveys.follow_up import raise_alert
from chalicelib.flow.surveys.lead import lead_of_phone
from chalicelib.ports.world import Ports

REMEMBERED_FOR = timedelta(days=14)
"""How long a text is remembered as heard: longer than any queue keeps it."""

_SCOPES = {Intent.STOP: OptOutScope.ALL, Intent.NO_SURVEYS: OptOutScope.SURVEYS}


def take_reply(reply: Reply, ports: Ports) -> Intent:
    """Do what the reply asks and return its intent; LookupError where no agency has the number, Busy."""
    agency = ports.settings.agency_at(reply.number)
    if agency is None:
        raise LookupError("a text to a number that is no agency's")
    wish, danger = wishes(reply.body)
    asked, before = _do(wish, reply, agency, ports)
    told = _told(asked, before)
    asks_nothing = told is Intent.OTHER and before.opted_out is None
    found = open_survey(before.survey, reply, ports) if asks_nothing else None
    quiet = before.silent(reply.at) or barred(found, agency, ports)
    turn, talks = (None, False)
    if danger or told is Intent.OTHER:
        turn, talks = _heed(reply, found, quiet, agency, ports, danger)
    again = reply.message_id and ports.contacts.heard(agency.agency_id, reply.message_id, reply.at + REMEMBERED_FOR)
    if again:
        return asked
    language = language_of(reply.body) or before.language or agency.language
    if danger:
        answer((Intent.DANGER, *_confirmed(told, before, quiet)), reply, language, agency, ports)
    elif turn:
        speak(turn, reply, agency, ports)
    elif _wants_answer(told, before, quiet) and not talks:
        answer((told,), reply, language, agency, ports)
    return asked


def _told(asked: Intent, before: Contact) -> Intent:
    """Return the intent that is answered: a YES counts as START only from somebody who opted out."""
    if asked is Intent.YES:
        return Intent.OTHER if before.opted_out is None else Intent.START
    return asked


def _confirmed(told: Intent, before: Contact, quiet: bool) -> tuple[Intent, ...]:
    """Return the change of consent that the answer to a call for help confirms too."""
    return (told,) if told in CHOICES and _wants_answer(told, before, quiet) else ()


def _heed(
    reply: Reply, found: Open | None, quiet: bool, agency: Agency, ports: Ports, danger: bool
) -> tuple[Turn | None, bool]:
    """Store a reply that is no plain request: as the answer to a survey, else for the agency to read.

    Where nothing may be written to the person, it is no answer. A reply that speaks of danger is passed on at once,
    whatever else it says. Return what is said next, and whether somebody reads it or its sender is told otherwise.
    """
    talks = False
    turn = converse(found, reply, agency, ports) if found and not quiet else None
    if turn is None:
        keyed_hash = ports.contacts.reference(reply.sender).keyed_hash
        under_hold = keyed_hash in ports.settings.held(agency.agency_id)
        keep_until = None if under_hold else reply.at + agency.retention.history
        ports.contacts.keep_reply(agency.agency_id, reply, keep_until, danger=danger)
        talks = begin(reply, agency, ports, keep_until, danger=danger)
        if danger:
            key = found.survey.notification if found else None
            number = key.incident_number if key else ""
            lead = lead_of_phone(agency.agency_id, reply.sender, number, ports)
            one = alert(agency.agency_id, text_name(reply), reply.body, number, reply.at, keyed_hash)
            kept_until = None if under_hold else reply.at + agency.retention.surveys
            raise_alert(one, lead, agency, ports, kept_until)
    return turn, talks


@again_on_conflict()
def _do(asked: Intent, reply: Reply, agency: Agency, ports: Ports) -> tuple[Intent, Contact]:
    """Store the person's choice; return the intent, with the contact as it was before."""
    who = agency.agency_id, reply.sender
    known = ports.contacts.load(*who, agency.day(reply.at))
    if asked in _SCOPES:
        scope = widest(known.opted_out, _SCOPES[asked])
        ports.contacts.opt_out(*who, scope, reply.at, reply.body, "reply")
    elif asked is Intent.START or (asked is Intent.YES and known.opted_out):
        ports.contacts.opt_in(*who, reply.at, reply.body, "reply")
    return asked, known


def _wants_answer(told: Intent, before: Contact, quiet: bool) -> bool:
    """Tell whether a person gets an answer; after STOP, only START and HELP are answered.

    A person who speaks of danger is told to call 911 whatever they said before. Where nothing may be written
    to them, a request that carriers want confirmed is answered, and nothing else.
    """
    if told is Intent.OTHER and quiet:
        return False
    if told in (Intent.START, Intent.HELP):
        return True
    return before.opted_out is not OptOutScope.ALL and not (told is Intent.NO_SURVEYS and before.opted_out is not None)
