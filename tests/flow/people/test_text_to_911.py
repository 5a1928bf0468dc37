"""All that goes out of an agency whose area takes no texts to 911: notifications, surveys by text, answers."""

import pytest

from chalicelib.domain.duration import Duration
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.incident_types import Caps
from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.flow.people.record_reply import take_reply
from tests.factories import PHONE, after, agency, call, caller, update
from tests.flow.city import City
from tests.offers import offers

SAID = (
    *("no more questions", "HELP", "is this a robot?", "he is breaking in right now"),
    *("no more surveys", "STOP", "START", "STOP he has a gun"),
)
AFTER_THE_LAST = 60
"""Minutes between two texts: what answers one is not held back by what answered the one before."""


def told(language, party, **settings):
    """Return all that a person reads of a call and its survey, and back from what they text, in order."""
    survey = SurveyRules(link="https://t.ex/s", after=Duration(minutes=1), door="reply" if "phone" in party else "link")
    caps = Caps(per_person_and_day=0, per_incident=0)
    city = City(agency(survey=survey, languages=("es",), caps=caps, **settings))
    city.tell(call("ALL", parties={"1": {**party, "language": language}}))
    city.run_until(after(40))
    city.tell(update(after(45), "sent", dispatched_at=after(45), arrived_at=after(46)), at=after(46))
    city.tell(update(after(50), "closed", closed_at=after(50), dispositions=("HAN",), case_numbers=("26-1",)))
    city.run_until(after(60))
    for number, body in enumerate(SAID, 1):
        at = after(60 + number * AFTER_THE_LAST)
        reply = Reply(sender=PHONE, number="+13035550199", body=body, at=at, message_id=f"in-{number}")
        take_reply(reply, city.ports)
    return [item.body for sender in (city.ports.sms, city.ports.email) for item in sender.outgoing]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("party", [caller(), {"email": "jo@people.example"}], ids=["by text", "by email"])
def test_nothing_that_goes_out_offers_it_where_it_takes_none(party, language):
    taken, none = (told(language, party, text_to_911=each) for each in (True, False))

    assert len(none) == len(taken) == 12
    assert [body for body in none if offers(body)] == []
    assert sum(map(bool, map(offers, taken))) >= 11
    assert [body for body in none if "911" not in body] == [body for body in taken if "911" not in body]


@pytest.mark.parametrize("party", [caller(), {"email": "jo@people.example"}], ids=["by text", "by email"])
def test_it_is_offered_where_no_setting_says_otherwise(party):
    assert told("en", party) == told("en", party, text_to_911=True)
