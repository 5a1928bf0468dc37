"""`anonymous = true`, tried: with every key and all that is stored, nobody gets from an answer to a person."""

import re
from datetime import datetime, time, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.question_sets import SETS
from chalicelib.domain.settings.survey import FollowUpRules, SurveyRules
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.domain.surveys.survey import week_of
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey, show_survey
from chalicelib.flow.surveys.rest import tell_of_rested
from tests.factories import NOW, PHONE, after, agency, call, update
from tests.flow.city import City
from tests.flow.surveys.test_converse import Reply

LINK = re.compile(r"https://t\.ex/s/(\w{13})")
RULES = SurveyRules(
    link="https://t.ex/s",
    after=Duration(minutes=1),
    anonymous=True,
    labor_agreement="Police Officers Association, January 2026",
    carry=frozenset({"incident_type", "beat", "shift", "hour", "unit", "officer", "call_taker"}),
    follow_up=FollowUpRules(supervisors="sgt@pd.example"),
)


@pytest.fixture
def city():
    """Somebody was asked anonymously, and said that it went badly, with a phone and an email in it."""
    city = City(agency(survey=RULES))
    city.tell(
        call(beat="612", shift="C", call_taker_id="ct17"),
        update(after(5), "a", arrived_at=after(5), units=({"unit": "3A12", "officer_ids": ("o2211",)},)),
        update(after(10), "closed", closed_at=after(10), dispositions=("HAN",)),
    )
    city.run_until(after(20))
    city.token = LINK.search(city.texts()[-1])[1]
    form = {"overall": "1", "comment": "Call me at 303-555-0123 or jo@people.example. Plate ABC-1234."}
    answer_survey(city.token, form, "en", city.ports, after(31))
    (city.survey,) = city.ports.surveys.all()
    return city


def everything(value):
    return msgspec.json.encode(value, enc_hook=str).decode()


def test_it_can_be_answered_and_changed_all_the_same(city):
    page = answer_survey(city.token, {"overall": "2"}, "en", city.ports, after(40))

    assert (page.standing, page.incident_number) == ("changed", "")
    assert show_survey(city.token, "en", city.ports, NOW + timedelta(days=30)).standing == "open"
    assert show_survey(city.token, "en", city.ports, NOW + timedelta(days=38)).standing == "closed"


def test_the_link_can_not_be_derived_from_the_notification_with_any_key(city):
    secrets = (city.ports.survey_secret, city.ports.code_secret, city.ports.unsubscribe_secret)
    keys = [key for record in city.records() for key in record.rows]

    assert city.survey.token_hash not in {token_hash(survey_token(secret, key)) for secret in secrets for key in keys}


def test_the_link_is_not_kept(city):
    kept = [everything(list(record.rows.values())) for record in city.records()]

    assert not [text for text in kept if city.token in text or city.survey.token_hash in text]


def test_the_answer_names_no_incident_person_or_place(city):
    for stored in (city.survey, list(answer_rows(city.survey, agency(), SETS["standard"]))):
        text = everything(stored)
        keyed = city.ports.contacts.reference(PHONE).keyed_hash
        for clue in ("P26-1", "612", "ct17", "o2211", "3A12", "NOISE", "0123", "people.example", "ABC-1234", keyed):
            assert clue not in text


def test_the_answer_names_no_moment(city):
    """A row of a notification says to the second when it went: an answer that did so too would lead to it."""
    moments = [
        value
        for stored in (city.survey, *answer_rows(city.survey, agency(), SETS["standard"]))
        for name in stored.__struct_fields__
        if isinstance(value := getattr(stored, name), datetime)
    ]

    assert city.survey.asked_at == week_of(NOW)
    assert {(moment - city.survey.asked_at).days for moment in moments} == {0, 37, 400}
    assert not [moment for moment in moments if moment.time() != time()]


def test_the_contact_does_not_lead_to_the_survey(city):
    known = city.ports.contacts.load("springfield", PHONE, NOW.date())
    take_reply(Reply(sender=PHONE, number="+13035550199", body="5", at=after(50)), city.ports)

    assert known.survey == ""
    assert city.ports.surveys.all() == [city.survey]


def test_what_a_supervisor_gets_names_no_incident(city):
    raised = [*city.ports.follow_ups.of("springfield", Desk.SUPERVISORS)]
    tell_of_rested(city.ports, after(120))
    mails = [mail.subject + mail.body for mail in city.ports.email.outgoing]

    assert (len(raised), len(mails)) == (2, 1)
    assert not [text for text in [everything(raised), *mails] if "P26" in text or "0123" in text or city.token in text]


def test_an_anonymous_survey_by_text_is_no_setting():
    with pytest.raises(ValueError, match=r"survey\.door"):
        agency(survey=replace(RULES, door="reply"))


def test_without_the_switch_the_same_attack_succeeds():
    """So that the tests above could fail."""
    city = City(agency(survey=replace(RULES, anonymous=False)))
    city.tell(call(), update(after(5), "a", arrived_at=after(5)))
    city.tell(update(after(10), "closed", closed_at=after(10), dispositions=("HAN",)))
    city.run_until(after(20))
    (survey,) = city.ports.surveys.all()

    assert survey.token_hash == token_hash(survey_token(city.ports.survey_secret, city.row(Kind.SURVEY).key))
    assert city.ports.contacts.load("springfield", PHONE, NOW.date()).survey == survey.token_hash
    assert "P26-1" in everything(survey)
