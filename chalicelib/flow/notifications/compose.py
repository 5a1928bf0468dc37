"""Compose a notification: render the words that its recipient will read."""

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.language import choose_language
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Notification, is_first_text
from chalicelib.domain.notifications.render import Message, fields, render, sources, with_way_out
from chalicelib.domain.notifications.text_code import code_hash, text_code
from chalicelib.domain.people.consent import Person, unsubscribe_token
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.notifications.due import Due
from chalicelib.flow.surveys.invite import Invitation, invite


class Composed(Struct, frozen=True):
    """A composed message, its row, the survey that it invites to, and the hash of the code in it."""

    message: Message
    row: Notification
    survey: Survey | None = None
    code: str = ""


def compose(due: Due) -> Composed:
    """Render a row in its recipient's language; Unrenderable."""
    row, incident, agency, ports = due.row, due.record.incident, due.agency, due.ports
    party = incident.everyone.get(row.key.recipient)
    language = choose_language(party.language if party else None, agency.spoken)
    asking = invite(due, language) if row.key.kind is Kind.SURVEY else Invitation()
    allowed = agency.type_of(incident.facts.incident_type)
    words = sources(allowed.words if allowed else {}, agency, language, ports.words(agency, language))
    unsubscribe = _unsubscribe_link(due) if row.channel == "email" else ""
    code, link = text_code(ports.code_secret, row.key), asking.link
    values = fields(incident, agency, link, unsubscribe, code) | {"question": asking.question}
    message = render(words, asking.words or row.key.kind, row.variant if not asking.words else "", row.channel, values)
    if row.channel == "sms" and is_first_text(row, due.record.rows.values()):
        message = with_way_out(message, tuple(ports.words(agency, language)["first"].values()))
    message = replace(message, unsubscribe=unsubscribe)
    # Links and codes are secrets between the agency and one person: the stored text only marks where they were.
    body = message.body.replace(link, agency.survey.link + "/…") if link else message.body
    body = body.replace(unsubscribe, agency.survey.home + "/u/…") if unsubscribe else body
    body = body.replace(f" {code}", " …")
    changes = {"body": body, "segments": message.segments, "template": message.template}
    changes |= {"language": language, "settings_version": agency.version}
    return Composed(
        message,
        replace(row, **changes),
        asking.survey,
        code_hash(agency.agency_id, code) if code in message.body else "",
    )


def _unsubscribe_link(due: Due) -> str:
    """Return the link with which the reader of an email unsubscribes."""
    person = Person(due.agency.agency_id, due.ports.contacts.reference(due.row.address))
    return f"{due.agency.survey.home}/u/{unsubscribe_token(due.ports.unsubscribe_secret, person)}"
