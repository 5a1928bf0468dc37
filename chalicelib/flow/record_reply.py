"""A person texts back: STOP silences them from this moment, START restores."""

from functools import partial

from chalicelib.domain.agency import Agency
from chalicelib.domain.contact import OptOutScope
from chalicelib.domain.reply import Intent, Reply, intent
from chalicelib.flow.retry import until_settled
from chalicelib.ports import Ports


def take_reply(reply: Reply, ports: Ports) -> Intent:
    """Do what the reply asks and return what that was; LookupError where no agency has the number, Busy."""
    return until_settled(partial(_take, reply, ports), ports)


def _take(reply: Reply, ports: Ports) -> Intent:
    agency = ports.settings.agency_at(reply.number)
    if agency is None:
        raise LookupError("a text to a number that is no agency's")
    asked = intent(reply.body)
    if asked is Intent.STOP:
        ports.contacts.opt_out(agency.agency_id, reply.sender, OptOutScope.ALL, reply.at, reply.body)
    elif asked is Intent.START or (asked is Intent.YES and _opted_out(reply, agency, ports)):
        ports.contacts.opt_in(agency.agency_id, reply.sender, reply.at, reply.body)
    return asked


def _opted_out(reply: Reply, agency: Agency, ports: Ports) -> bool:
    contact = ports.contacts.load(agency.agency_id, reply.sender, reply.at.astimezone(agency.zone).date())
    return contact.opted_out is not None
