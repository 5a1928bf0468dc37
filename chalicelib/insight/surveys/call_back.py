"""The phone of a person whom a follow-up is about, for whoever calls them back, and what to know before."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.people.call_back import KEEPS_OFF, caution
from chalicelib.domain.people.talk import Bar
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.alert import phone_of
from chalicelib.domain.surveys.follow_up import Desk, FollowUp, names_behind
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.people.standing import standing_of
from chalicelib.ports.world import Ports


class CallBack(Struct, frozen=True, kw_only=True):
    """Somebody to call back. `phone` is "" where they must not be called from this desk; `bar` says why, or warns."""

    keyed_hash: str
    phone: str
    bar: Bar | None


def person_behind(ports: Ports, one: FollowUp) -> str:
    """Return the phone of the person whose answer it is; "" where none is known. One read.

    A follow-up does not name its survey: the call's own surveys are tried. An anonymous one and a card lead to nobody.
    An alert about a text leads to the phone that it came from, whether any call knows it or not.
    """
    if one.writer:
        text = ports.conversations.reply(one.agency_id, one.writer, one.raised_at)
        return text.phone if text else ""
    if one.anonymous or not one.incident_number:
        return ""
    record = ports.incidents.load(IncidentKey(one.agency_id, one.incident_number))
    asked = (row.key for row in record.rows.values() if row.key.kind is Kind.SURVEY)
    hashes = ((key, token_hash(survey_token(ports.survey_secret, key))) for key in asked)
    theirs = (key for key, hashed in hashes if one.id in names_behind(hashed))
    return next((phone_of(record, key.recipient) for key in theirs), "")


def call_back(ports: Ports, agency: Agency, one: FollowUp, phone: str, now: datetime) -> CallBack:
    """Return how a person may be called; Unreadable. Whoever looks after an alert is shown the phone at any rate."""
    keyed_hash = ports.contacts.reference(phone).keyed_hash
    bar = caution(standing_of(agency, keyed_hash, ports, now).standing, agency, now)
    shown = bar not in KEEPS_OFF or one.desk is Desk.ALERTS
    return CallBack(keyed_hash=keyed_hash, phone=phone if shown else "", bar=bar)
