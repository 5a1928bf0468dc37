"""The survey on the running city: both doors, what is refused, and what somebody must look at."""

import json
from datetime import timedelta
from random import sample
from string import ascii_lowercase
from uuid import uuid4

import pytest

from chalicelib.aws.tables import SURVEY
from chalicelib.domain.lake.row_names import row_name
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import token_hash, token_of
from rigs.survey.crowd import crowd
from tests.command import tenfour_in_the_city
from tests.waiting import LONGEST, wait_until
from tests.whole.people import LINK, Caller, now, web

CROWD = 12


@pytest.fixture
def caller(stack):
    return Caller(stack)


@pytest.fixture
def asked(inside):
    """Return the token of a survey that has just been asked, and a way to see it."""
    token, at = token_of(uuid4().bytes), now()
    survey = Survey(
        token_hash=token_hash(token),
        agency_id="springfield",
        settings_version=1,
        asked_at=at,
        expires_at=at + timedelta(days=30),
        keep_until=at + timedelta(days=31),
    )
    inside.aws.surveys._item(survey).save()
    return token, lambda: inside.aws.surveys.load(survey.token_hash)


def survey_command(*words):
    return tenfour_in_the_city("survey", *words)


def test_a_text_after_a_link_goes_on_with_the_same_survey(inside, caller):
    caller.call()
    caller.tell(arrived_at=now())
    caller.tell(closed_at=now(), dispositions=["HAN"])
    link = LINK.search(caller.hears("/s/")["body"])[0]
    assert web.post(link, data={"respect": "4"}).status_code == 200

    caller.says("2 it took very long")
    caller.hears("Did we help to solve your problem?")
    caller.says("dos")
    caller.hears("Anything else that we should know?")

    survey = inside.aws.surveys.load(token_hash(link.rsplit("/", 1)[1]))
    assert survey.answers.marks == {"respect": 4, "overall": 2, "helped": 2}
    assert survey.doors == ("link", "reply")

    def listed():
        found = json.loads(survey_command("follow-ups", "list", "--json").stdout)
        return [one for one in found if one.get("incident_number") == caller.number]

    assert wait_until(listed, every=1)  # not before the survey rests
    (one,) = listed()
    assert one["because"] == "low_score"
    done = survey_command("follow-ups", "answer", one["id"], "--note", "called")
    assert done.stdout == f"{one['id']} is seen to\n"
    assert survey_command("follow-ups", "answer", one["id"], "--note", "again").returncode == 2


def test_the_report_quotes_a_comment_once_somebody_released_it(stack, inside, asked):
    token, _ = asked
    name = "".join(sample(ascii_lowercase, 6))  # a digit might make it look like a plate
    words = f"They were kind, {name} too."
    assert web.post(f"{stack.api}/s/{token}", data={"overall": "1", "comment": words}).status_code == 200

    def listed(*which):
        inside.compact()
        return [one for one in json.loads(survey_command("comments", "list", *which, "--json").stdout or "[]")
                if one["comment"] in (words, words.replace(name, "██████"))]  # fmt: skip

    assert wait_until(listed, every=2)
    (new,) = listed()
    assert new["state"] == "new"
    assert survey_command("comments", "hold", new["id"]).stdout.startswith("1 held")
    assert f"may name somebody: {name}." in survey_command("comments", "release", new["code"]).stderr
    done = survey_command("comments", "release", new["code"], "--black-out", name)
    assert (done.returncode, done.stdout.split(";")[0]) == (0, "1 released")
    assert wait_until(lambda: listed("--released"), every=2)
    assert [one["comment"] for one in listed("--released")] == [words.replace(name, "██████")]
    assert listed() == []
    seen = tenfour_in_the_city("query", "low_scores", "--json")
    ours = [row for row in json.loads(seen.stdout) if row["agency_id"] == "springfield"]
    assert sum(row["still_open"] for row in ours) >= 1


def test_praise_is_taken_back_from_its_unit_once_misconduct_is_alleged(stack, inside, caller):
    """By either door: each looks up the incident's units, and takes away what supervisors must not see."""
    aws, praise, blame = inside.aws, "The officers were wonderful, thank you", "He used excessive force on me"

    def begun(recipient):
        token, at = token_of(uuid4().bytes), now()
        key = NotificationKey("springfield", caller.number, Kind.SURVEY, recipient)
        ends = at + timedelta(days=30)
        survey = Survey(token_hash=token_hash(token), agency_id="springfield", notification=key, settings_version=1,
                        asked_at=at, expires_at=ends, keep_until=ends)  # fmt: skip
        aws.surveys._item(survey).save()
        return token

    def has(desk):
        return [one for one in aws.follow_ups.of("springfield", desk) if one.incident_number == caller.number]

    caller.call()
    link = f"{stack.api}/s/{begun('1')}"
    assert web.post(link, data={"overall": "5", "comment": praise}).status_code == 200
    assert len(has(Desk.UNIT)) == 1
    assert web.post(link, data={"comment": blame}).status_code == 200
    assert (has(Desk.UNIT), len(has(Desk.STANDARDS))) == ([], 1)

    asked, contacts = token_hash(begun("2")), aws.contacts
    contacts._items(contacts._pk("springfield", caller.phone), SURVEY, document=asked).save()
    caller.says(f"5 {praise}")
    assert wait_until(lambda: has(Desk.UNIT))
    caller.says(f"1 {blame}")
    assert wait_until(lambda: not has(Desk.UNIT))
    assert len(has(Desk.STANDARDS)) > 1


def test_a_desk_is_mailed_once_when_a_survey_rests(stack, inside, caller):
    caller.call()
    caller.tell(arrived_at=now())
    caller.tell(closed_at=now(), dispositions=["HAN"])
    link = LINK.search(caller.hears("/s/")["body"])[0]

    def mailed():
        found = web.get(f"{stack.carrier}/messages", params={"to": "thanks@springfield.example"}).json()
        return [mail["subject"] for mail in found if caller.number in mail["subject"]]

    for answers in ({"overall": "5"}, {"comment": "The officers were wonderful, thank you"}):
        assert web.post(link, data=answers).status_code == 200
    assert mailed() == []

    def rested():
        inside.sweep()
        return mailed()

    assert wait_until(rested, every=1)
    inside.sweep()
    assert mailed() == [f"Springfield PD: Praise, call {caller.number}"]


def test_each_answer_is_told_by_one_request(stack, asked):
    token, stored = asked
    answer = web.post(f"{stack.api}/s/{token}", data={"overall": "5"}, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["standing"], answer.json()["seen"]) == (200, "thanks", "1")
    assert stored().answers.marks == {"overall": 5}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_ahead_counts_as_nothing(stack, asked, method):
    token, stored = asked
    before = stored()
    answer = web.request(method, f"{stack.api}/s/{token}", headers={"user-agent": "facebookexternalhit/1.1"})

    assert answer.status_code == 200
    assert stored() == before


@pytest.mark.parametrize(
    ("headers", "form", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, {"overall": "1"}, 403),
        ({"origin": "https://evil.example"}, {"overall": "1"}, 403),
        ({}, {"overall": "1", "proof": "0" * 16}, 403),
        ({}, {"overall": "9"}, 422),
        ({}, {"overall": "1; DROP TABLE"}, 422),
        ({}, {"nonsense": "1"}, 422),
        ({}, {"comment": "x" * 1_000_000}, 413),
        ({}, {f"f{number}": "1" for number in range(99)}, 400),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(stack, asked, headers, form, status):
    token, stored = asked
    before = stored()

    assert web.post(f"{stack.api}/s/{token}", data=form, headers=headers).status_code == status
    assert stored() == before


def test_a_flood_of_guesses_finds_nothing(stack):
    found = {web.post(f"{stack.api}/s/{token_of(uuid4().bytes)}", data={"overall": "1"}).status_code for _ in range(8)}

    assert found == {404}


def test_a_card_begins_a_survey_with_its_first_answer(stack, inside):
    token, at = token_of(uuid4().bytes), now()
    card = Card(
        token_hash=token_hash(token), agency_id="springfield", settings_version=1, uses=1,
        made_at=at, expires_at=at + timedelta(days=1),
    )  # fmt: skip
    inside.aws.surveys.keep_card(card)
    url, asks = f"{stack.api}/s/{token}", {"accept": "application/json"}
    fields = {name: text for name, text in web.get(url, headers=asks).json().items() if name in ("proof", "ours")}
    begun = web.post(url, data={"overall": "5", **fields}, headers=asks).json()

    assert begun["standing"] == "thanks"
    assert inside.aws.surveys.load(token_hash(begun["token"])).answers.marks == {"overall": 5}
    assert web.get(url).status_code == 410


def test_many_who_answer_at_once_through_both_doors_are_each_stored_once(stack):
    """The same with a thousand: `tenfour survey-rehearse`."""
    outcome = crowd(stack, CROWD, LONGEST)

    assert (outcome.wrong, outcome.refused) == ((), 0)


def test_answers_reach_the_lake_once_each(stack, inside, asked):
    token, _ = asked
    for form in ({"overall": "5"}, {"overall": "4"}, {"respect": "3", "comment": "call 303-555-0147"}):
        web.post(f"{stack.api}/s/{token}", data=form)

    def rows(table):
        inside.compact()
        day = inside.aws.lake.read_day(table, now().date()).rows
        return [row for row in day if row.id in names]

    names = {row_name(token_hash(token), question) for question in ("overall", "respect", "comment")}
    assert wait_until(lambda: len(rows("survey_answers")) == 2 and rows("comments"), every=2)
    assert sorted((row.question, row.mark, row.about) for row in rows("survey_answers")) == [
        ("overall", 4, "agency"), ("respect", 3, "officer"),
    ]  # fmt: skip
    assert "0147" not in rows("comments")[0].comment
