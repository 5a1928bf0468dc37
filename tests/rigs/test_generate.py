import random
from collections import Counter
from datetime import timedelta

from chalicelib.domain.names import Kind
from chalicelib.domain.phones import clean_phone
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.calls import generate
from chalicelib.virtual.town.replies import answers, mark
from rigs.demo.story import INCIDENTS, LONGEST, OVER, SPEED, script
from tests.factories import NOW, demo_agency


def city(incidents=3000, speed=1.0):
    return list(generate(7, incidents, NOW - timedelta(days=30), timedelta(days=10), speed))


def times(case):
    return {name: message.body[name] for message in case.messages for name in message.body if name.endswith("_at")}


def share(cases, holds):
    return sum(map(bool, map(holds, cases))) / len(cases)


def test_the_same_seed_is_the_same_city():
    assert city(50) == city(50)


def test_it_has_the_habits_of_a_real_one():
    cases = city()

    def late(case):
        known = times(case)
        return known.get("arrived_at", NOW) - known["received_at"] >= timedelta(minutes=30)

    def contradictory(case):
        known = times(case)
        return "arrived_at" in known and known["arrived_at"] > known["closed_at"]

    origins = Counter(case.messages[0].body["origin"] for case in cases)
    phones = [party["phone"] for case in cases for party in case.messages[0].body.get("reporting_parties", ())]
    assert 0.5 < origins["911"] / len(cases) < 0.7
    assert 0.35 < share(cases, late) < 0.5
    assert 0.1 < share(cases, lambda case: "arrived_at" not in times(case)) < 0.2
    assert 0.02 < share(cases, contradictory) < 0.06
    assert 0.75 < share(phones, lambda phone: clean_phone(phone, "US").number) < 0.87
    assert 0.005 < share(phones, lambda phone: phone.startswith("911")) < 0.03


def test_marks_are_mostly_high_and_seldom_in_between():
    dice = random.Random(7)
    marks = Counter(mark(dice) for _ in range(5000))

    assert 0.77 < (marks[4] + marks[5]) / 5000 < 0.83
    assert marks[2] < min(marks[1], marks[3]) < marks[4] < marks[5]


def test_who_answers_answers_every_question_but_a_comment():
    questions = demo_agency().survey.questions
    written = [answers(random.Random(seed), questions, writes=0.3) for seed in range(200)]

    marked = {question.id for question in questions if question.kind != "text"}
    assert all(marked <= given.keys() <= {question.id for question in questions} for given in written)
    assert 0 < sum(given.keys() > marked for given in written) < 200


def test_the_webhook_takes_all_of_it():
    told, rejected = told_by(city(300), demo_agency())

    assert rejected == []
    assert len(told) > 600


def test_the_phones_are_of_the_range_for_fiction_and_all_can_be_texted():
    numbers = [fictional_phone(n) for n in range(25_000)]

    assert len(set(numbers)) == 25_000
    assert all(number[5:10] == "55501" and clean_phone(number, "US").number == number for number in numbers[::97])


def test_the_demo_shows_every_kind_that_its_settings_send():
    agency = demo_agency()
    told, _ = told_by(generate(104, INCIDENTS, NOW, OVER, SPEED), agency)

    city = VirtualCity(agency)
    list(city.play(told))

    delivered = {key.kind for record in city.records() for key, row in record.rows.items() if row.state == "delivered"}
    assert delivered == set(Kind) - {Kind.DISPATCHED}


def test_the_demo_ends_in_time_and_tells_some_things_twice_and_some_out_of_order():
    posts = script(104, NOW)
    updates = [str(sorted(post.update.items(), key=str)) for post in posts]

    assert max(post.after for post in posts) <= LONGEST
    assert len({post.update["incident_number"] for post in posts}) == INCIDENTS
    assert len(set(updates)) < len(updates)
    assert {post.feed for post in posts} == {"cad", "rms"}
