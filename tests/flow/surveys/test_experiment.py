"""An experiment that is on: each person gets what was drawn for them, and it is kept with message and answer."""

import pytest

from chalicelib.domain.duration import Duration
from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.lake.rows import notification_row
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.experiment import Experiment, arm
from chalicelib.domain.settings.question_sets import SETS
from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import after, agency, call, caller, update
from tests.flow.city import City

PEOPLE = 12
BOTH = Experiment(name="doors", door=("link", "reply"), wording=("a", "b"), hour=(10, 17))
INVITATIONS = {
    ("link", "a"): "how did we do on your call",
    ("link", "b"): "will you tell us about your call",
    ("reply", "a"): "Answer with a number",
    ("reply", "b"): "One number helps us",
}


@pytest.fixture(scope="module")
def city():
    survey = SurveyRules(link="https://t.ex/s", after=Duration(minutes=1), experiment=BOTH)
    city = City(agency(survey=survey))
    for number in range(PEOPLE):
        own = {"incident_number": f"P26-{number}"}
        city.tell(call(parties={"1": caller(fictional_phone(number))}, **own), at=after(0))
        closed = {"arrived_at": after(0), "closed_at": after(0), "dispositions": ("HAN",)}
        city.tell(update(after(0), f"closed-{number}", **closed, **own))
    city.run_until(None)
    return city


def asked(city):
    for number in range(PEOPLE):
        row = city.row(Kind.SURVEY, number=f"P26-{number}")
        survey = city.ports.surveys.load(token_hash(survey_token(city.ports.survey_secret, row.key)))
        yield row, survey, city.texts(fictional_phone(number))[-1]


def test_everybody_gets_the_door_and_the_wording_that_were_drawn(city):
    seen = set()
    for row, survey, text in asked(city):
        drawn = arm(BOTH, row.key)
        assert (survey.arm, survey.door) == (drawn, drawn.door)
        assert INVITATIONS[drawn.door, drawn.wording] in text
        seen.add((drawn.door, drawn.wording))

    assert seen == set(INVITATIONS)


def test_everybody_is_asked_at_the_hour_that_was_drawn(city):
    hours = {row.sent_at.astimezone(city.agency.zone).hour for row, *_ in asked(city)}

    assert hours == {10, 17}
    for row, survey, _ in asked(city):
        assert row.sent_at.astimezone(city.agency.zone).hour == survey.arm.hour


def test_message_and_answer_name_the_arm(city):
    row, survey, _ = next(asked(city))
    answer_survey(survey_token(city.ports.survey_secret, row.key), {"overall": "4"}, "en", city.ports, survey.asked_at)
    (stored,) = answer_rows(city.ports.surveys.load(survey.token_hash), city.agency, SETS["standard"])
    told = notification_row(row, city.agency)

    assert told.arm == stored.arm == survey.arm.name
    assert stored.arm == f"doors door={survey.arm.door} wording={survey.arm.wording} hour={survey.arm.hour}"
    assert (stored.asked_by, stored.door) == (survey.arm.door, "link")


def test_without_an_experiment_nothing_is_drawn():
    city = City()
    city.tell(call(), update(after(1), "a", arrived_at=after(1)))
    city.tell(update(after(2), "b", closed_at=after(2), dispositions=("HAN",)))

    assert city.row(Kind.SURVEY).variant == ""
