"""Words of danger lead to the call and the phone: by page, by text to a survey, and by a plain text."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.survey import FollowUpRules, SurveyRules
from chalicelib.domain.surveys.alert import LONGEST_PAGE, MOST_CALLS, alert, page
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.ports.notices import Notice
from tests.factories import PHONE, after, agency, call, update
from tests.flow.city import City
from tests.flow.surveys.test_converse import Asked

DAY = 24 * 60
BODY = "he is breaking in right now"
ALERTS = FollowUpRules(alerts="watch@pd.example", supervisors="sgt@pd.example")


def by_page(city):
    answer_survey(city.token, {"comment": BODY}, "en", city.ports, after(20))


def by_survey(city):
    city.say(BODY)


def by_text(city):
    city.say("STOP")
    city.say(BODY)


def city(**changes):
    return Asked(follow_up=replace(ALERTS, **changes))


def alerts(found):
    return found.ports.follow_ups.of("springfield", Desk.ALERTS)


DOORS = pytest.mark.parametrize("door", [by_page, by_survey, by_text])


@DOORS
def test_every_door_leads_to_the_call_and_the_phone(door):
    found = city()
    found.ports.email.outgoing.clear()
    door(found)

    (one,) = alerts(found)
    assert one.incident_number == "P26-1"
    assert [(each.incident_number, each.incident_type, each.received_at) for each in one.calls] == [
        ("P26-1", "NOISE", after(0))
    ]
    (mail,) = found.ports.email.outgoing
    assert mail.address == "watch@pd.example"
    assert mail.subject == "Springfield PD: DANGER, call P26-1, look now"
    for said in (BODY, PHONE, "P26-1, NOISE", "Decide now, as for a call to 911.", one.id):
        assert said in mail.body
    assert "tenfour" not in mail.body
    assert "\n\n\n" not in mail.body


@DOORS
def test_every_door_counts_for_the_alarm_once(door):
    found = city()
    door(found)

    (one,) = alerts(found)
    noticed = [told for notice, told in found.ports.notices if notice is Notice.DANGER]
    assert noticed == [{"agency": "springfield", "follow_up": one.id}]


@DOORS
def test_neither_topic_nor_list_has_the_phone_or_words_for_the_pager(door):
    found = city()
    door(found)

    (line,) = found.ports.desks.pages
    assert line.startswith("Springfield PD: DANGER, look now, call P26-1, alert ")
    assert len(line) <= LONGEST_PAGE
    for told in (line, str(found.ports.desks.told), str(alerts(found)), str(found.ports.notices)):
        assert PHONE[-4:] not in told
        assert "NOISE" not in line
        assert BODY not in line


@DOORS
def test_a_mailbox_that_only_stands_in_gets_the_last_digits(door):
    found = city(alerts="")
    found.ports.email.outgoing.clear()
    door(found)

    (mail,) = found.ports.email.outgoing
    assert (mail.address, PHONE in mail.body, f"…{PHONE[-4:]}" in mail.body) == ("sgt@pd.example", False, True)


def test_the_latest_calls_come_first_and_are_few():
    found = city()
    for number in range(2, 7):
        found.tell(call(at=after(number * DAY), incident_number=f"P26-{number}"))
    found.run_until(after(7 * DAY))
    take_reply(Reply(sender=PHONE, number="+13035550199", body="STOP", at=after(7 * DAY + 1)), found.ports)
    take_reply(Reply(sender=PHONE, number="+13035550199", body=BODY, at=after(7 * DAY + 2)), found.ports)

    (one,) = alerts(found)
    assert [each.incident_number for each in one.calls] == ["P26-6", "P26-5", "P26-4"][:MOST_CALLS]
    assert one.incident_number == "P26-6"


def test_an_answer_by_its_page_leads_to_the_phones_later_calls_and_to_a_phone_as_it_is_dialled():
    found = city()
    found.tell(call(at=after(15), incident_number="P26-2"))
    found.run_until(after(19))
    found.ports.email.outgoing.clear()
    by_page(found)

    (one,) = alerts(found)
    assert [each.incident_number for each in one.calls] == ["P26-1", "P26-2"]
    (mail,) = (each for each in found.ports.email.outgoing if each.address == "watch@pd.example")
    assert [line for line in mail.body.splitlines() if PHONE in line]
    assert "Phone(" not in mail.body


def test_a_silenced_call_is_one_of_the_phones_calls():
    found = City()
    found.tell(call(incident_number="P26-9", incident_type="DV", beat="612"))
    take_reply(Reply(sender=PHONE, number="+13035550199", body=BODY, at=after(5)), found.ports)

    (one,) = alerts(found)
    assert [(each.incident_number, each.beat) for each in one.calls] == [("P26-9", "612")]


def test_a_phone_of_no_known_call_is_an_alert_that_says_so():
    found = City(agency(survey=SurveyRules(link="https://t.ex/s", follow_up=ALERTS)))
    take_reply(Reply(sender=PHONE, number="+13035550199", body=BODY, at=after(5)), found.ports)

    (mail,) = found.ports.email.outgoing
    assert PHONE in mail.body
    assert "No call of this phone is known here." in mail.body


def test_an_anonymous_survey_leads_to_nobody():
    survey = SurveyRules(link="https://t.ex/s", after=Duration(minutes=1), anonymous=True, follow_up=ALERTS)
    found = City(agency(survey=survey))
    found.tell(call(), update(after(5), "a", arrived_at=after(5)))
    found.tell(update(after(10), "closed", closed_at=after(10), dispositions=("HAN",)))
    found.run_until(after(20))
    token = next(text.split("/s/")[1][:13] for text in found.texts() if "/s/" in text)
    answer_survey(token, {"comment": BODY}, "en", found.ports, after(30))

    (one,) = found.ports.follow_ups.of("springfield", Desk.ALERTS)
    assert (one.incident_number, one.calls) == ("", ())
    (mail,) = found.ports.email.outgoing
    assert PHONE[-4:] not in mail.body
    assert "Nothing leads to this person" in mail.body


def test_an_alert_keeps_its_calls_when_more_is_written():
    found = city()
    by_page(found)
    before = alerts(found)[0].calls
    found.tell(call(at=after(25), incident_number="P26-2"))
    answer_survey(found.token, {"comment": BODY + " please"}, "en", found.ports, after(30))

    (one,) = alerts(found)
    assert one.calls == before
    assert "please" in one.comments[0]


@pytest.mark.parametrize("name", ["Policía de Springfield", "Springfield PD"])
def test_a_page_is_one_short_line_of_plain_letters(name):
    ours = agency(short_name=name)
    line = page(alert("springfield", "t", BODY, "P26-" + "0" * 90, after(0) + timedelta(minutes=1)), ours)

    assert line.isascii()
    assert "\n" not in line
    assert len(line) <= LONGEST_PAGE


@pytest.mark.parametrize(
    ("language", "first", "last"), [("en", "SOMEBODY", "3. Then"), ("es", "ALGUIEN", "3. Después")]
)
def test_an_alert_ends_with_what_to_do_in_the_agencys_language(language, first, last):
    found = city()
    found.ports.settings.publish(replace(found.agency, language=language))
    found.ports.email.outgoing.clear()
    by_text(found)

    (mail,) = found.ports.email.outgoing
    parts = mail.body.split("\n\n")
    assert mail.body.startswith(first)
    assert parts[-1].splitlines()[-1].startswith(last)
    assert [len(part.splitlines()) for part in parts] == [2, 2, 2, 2, 4]


def test_in_shadow_the_alert_says_that_nobody_answered():
    found = City(agency(mode="shadow", survey=SurveyRules(link="https://t.ex/s", follow_up=ALERTS)))
    take_reply(Reply(sender=PHONE, number="+13035550199", body=BODY, at=after(5)), found.ports)

    (mail,) = found.ports.email.outgoing
    assert "Nobody answered them, because this agency is in shadow." in mail.body
    assert found.texts() == []


@pytest.mark.parametrize(("said", "phone"), [(BODY, PHONE), ("thank you", ""), ("STOP " + BODY, PHONE)])
def test_a_phone_is_kept_with_a_text_that_speaks_of_danger_and_with_no_other(said, phone):
    found = City(agency(survey=SurveyRules(link="https://t.ex/s", follow_up=ALERTS)))
    take_reply(Reply(sender=PHONE, number="+13035550199", body=said, at=after(5)), found.ports)

    (kept,) = found.ports.contacts.replies("springfield")
    assert (kept.phone, kept.last_digits) == (phone, PHONE[-4:])
    assert [(one.writer, one.raised_at) for one in alerts(found)] == [(kept.keyed_hash, kept.at)] * bool(phone)
