"""Follow-ups wait until a survey rests: one email says all, to the right desk, once, and danger never waits."""

from contextlib import suppress
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.survey import FollowUpRules, SurveyRules
from chalicelib.domain.surveys.follow_up import Because, Desk, shown
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.flow.surveys.rest import AT_ONCE, LEASE, tell_of_rested
from chalicelib.ports.errors import Conflict
from tests.factories import NOW, after, agency
from tests.flow.city import ports
from tests.flow.surveys.test_answer import Meanwhile, answer, asked, stored, with_survey

REST = timedelta(minutes=10)
RULES = FollowUpRules(
    supervisors="sgt@pd.example", standards="psb@pd.example", alerts="watch@pd.example", praise={"*": "all@pd.example"}
)
SECOND = 1 / 60
LOW, MISCONDUCT = {"overall": "1"}, {"comment": "The officer hit me."}
ALL = "psb@pd.example"


def world(**changes):
    return with_survey(SurveyRules(link="https://tell.springfield.ex/s", follow_up=replace(RULES, **changes)))


def mails(world):
    return [(mail.address, mail.subject) for mail in world.email.outgoing]


def test_a_comment_four_seconds_after_a_low_tap_keeps_it_from_the_supervisor():
    found = world()
    answer(found, after(0), **LOW)
    tell_of_rested(found, after(0.05))
    answer(found, after(4 * SECOND), **MISCONDUCT)
    for minute in range(1, 15):
        tell_of_rested(found, after(minute))

    assert mails(found) == [(ALL, "Springfield PD: Alleges misconduct, low score, call P26-1")]
    assert {one.desk for one in found.desks.told} == {Desk.STANDARDS}


def test_the_desk_is_told_once_nothing_was_answered_for_the_rest():
    found = world()
    answer(found, after(0), **LOW)
    answer(found, after(7), respect="2")

    assert [tell_of_rested(found, after(minute)) for minute in (10, 16.9, 17, 18, 30)] == [0, 0, 1, 0, 0]
    (mail,) = found.email.outgoing
    assert "overall 1, respect 2" in mail.body


def test_all_that_one_desk_must_see_is_one_email():
    found = world()
    answer(found, after(0), overall="1")
    answer(found, after(1), comment="Please call me back")
    tell_of_rested(found, after(11))

    assert mails(found) == [("sgt@pd.example", "Springfield PD: Low score, asks to be called, call P26-1")]
    assert {one.because for one in found.desks.told} == {Because.LOW_SCORE, Because.CONTACT}


def test_a_survey_that_is_ended_is_told_at_once():
    found = world()
    answer(found, after(0), overall="1", done="1")

    assert len(mails(found)) == 1
    assert tell_of_rested(found, after(10)) == 0
    assert len(mails(found)) == 1


def test_danger_does_not_wait():
    found = world()
    answer(found, after(0), overall="1", comment="he is outside my door with a gun right now")

    assert [address for address, _ in mails(found)] == ["watch@pd.example"]
    tell_of_rested(found, after(10))
    assert [address for address, _ in mails(found)] == ["watch@pd.example", "sgt@pd.example"]


def test_a_list_does_not_show_what_its_desk_may_not_come_to_see():
    found = world()
    answer(found, after(0), **LOW)
    (one,) = found.follow_ups.of("springfield", Desk.SUPERVISORS)

    assert not shown(one, after(9))
    assert shown(one, after(10))


def test_a_mark_that_was_put_right_in_time_bothers_nobody():
    found = world()
    answer(found, after(0), **LOW)
    answer(found, after(1), overall="5")
    tell_of_rested(found, after(20))

    assert not mails(found)
    assert not list(found.follow_ups.of("springfield", Desk.SUPERVISORS))


def test_an_answer_after_the_desk_was_told_tells_only_what_is_new():
    found = world()
    answer(found, after(0), **LOW)
    tell_of_rested(found, after(10))
    answer(found, after(20), overall="2", comment="Please call me back")
    tell_of_rested(found, after(30))

    assert [subject for _, subject in mails(found)] == [
        "Springfield PD: Low score, call P26-1",
        "Springfield PD: Asks to be called, call P26-1",
    ]


ANSWERS = (LOW, {"comment": "The officer hit me."}, {"respect": "2"})


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("sweeps", [(10, 10), (11, 12), (15, 40)])
def test_any_order_of_answers_gives_the_same_email_once(order, sweeps):
    found = world()
    for place, which in enumerate(order):
        answer(found, after(place * SECOND), **ANSWERS[which])
    for minute in sweeps:
        tell_of_rested(found, after(minute + 1))

    (mail,) = found.email.outgoing
    assert mail.address == ALL
    assert "overall 1" in mail.body
    assert "respect 2" in mail.body


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from((*ANSWERS, None))), min_size=1, max_size=8))
def test_whatever_comes_when_nobody_is_told_twice_and_no_supervisor_of_what_was_alleged(steps):
    found, alleged_at = world(), None
    for minute, form in sorted(steps, key=lambda step: step[0]):
        if form is None:
            tell_of_rested(found, after(minute))
            continue
        alleged_at = minute if form is ANSWERS[1] and alleged_at is None else alleged_at
        before = len(mails(found))
        answer(found, after(minute), **form)
        assert len(mails(found)) == before
    tell_of_rested(found, after(60))
    tell_of_rested(found, after(60))

    told = [(one.desk, one.id) for one in found.desks.told]
    assert len(told) == len(set(told))
    if alleged_at is not None:
        assert not list(found.follow_ups.of("springfield", Desk.SUPERVISORS))
        assert (ALL in dict(mails(found))) is True


def test_an_answer_in_the_middle_of_telling_is_waited_for():
    found = world()
    answer(found, after(0), **LOW)
    later = after(10) + timedelta(seconds=1)
    found.follow_ups = Meanwhile(found.follow_ups, lambda: None)
    load, first = found.surveys.load, []

    def overtaken(name):
        survey = load(name)
        if not first:
            first.append(True)
            answer(found, later, **MISCONDUCT)
        return survey

    found.surveys.load = overtaken
    tell_of_rested(found, after(10))
    assert not mails(found)

    tell_of_rested(found, later + REST)
    assert [address for address, _ in mails(found)] == [ALL]


def test_two_sweeps_at_once_tell_once():
    found = world()
    answer(found, after(0), **LOW)
    seen = list(found.follow_ups.resting("springfield", after(10)))
    found.follow_ups.resting = lambda *_: seen
    tell_of_rested(found, after(10))
    tell_of_rested(found, after(10))

    assert len(mails(found)) == 1


def test_what_fails_comes_back_and_stands_in_nobodys_way():
    found = world()
    answer(found, after(0), **LOW)
    load = found.surveys.load

    def broken(name):
        raise LookupError(name)

    found.surveys.load = broken
    with pytest.raises(ExceptionGroup):
        tell_of_rested(found, after(10))
    found.surveys.load = load

    assert tell_of_rested(found, after(11)) == 0
    assert tell_of_rested(found, after(10) + LEASE) == 1
    assert len(mails(found)) == 1


def test_a_survey_that_is_gone_is_forgotten():
    found = ports()
    found.settings.publish(agency(survey=SurveyRules(link="https://t.ex/s", follow_up=RULES)))
    found.follow_ups.rest("springfield", "gone", NOW)
    tell_of_rested(found, NOW)

    assert not found.follow_ups.resting("springfield", after(600))


def test_a_minute_tells_of_so_many_and_the_next_of_the_rest():
    found = world()
    for number in range(AT_ONCE + 5):
        found.surveys.claim(asked(token_hash=f"h{number}"))
        found.follow_ups.rest("springfield", f"h{number}", NOW)

    assert [tell_of_rested(found, after(minute)) for minute in (0, 1, 2)] == [AT_ONCE, 5, 0]


def test_no_rest_is_told_at_once():
    found = world(rest=Duration())
    answer(found, after(0), **LOW)

    assert len(mails(found)) == 1
    assert answer_survey("x" * 13, {}, "en", found, NOW).standing == "unknown"
    assert stored(found).answers.marks == {"overall": 1}


class Breaks:
    """A port whose nth call, counted over all ports, fails before or after it took effect."""

    def __init__(self, inner, calls, nth, *, after):
        self._inner, self._calls, self._nth, self._after = inner, calls, nth, after

    def __getattr__(self, name):
        act = getattr(self._inner, name)

        def through(*args, **kwargs):
            self._calls.append(name)
            if len(self._calls) == self._nth and not self._after:
                raise Conflict
            done = act(*args, **kwargs)
            if len(self._calls) == self._nth:
                raise LookupError(name)
            return done

        return through


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("nth", range(1, 16))
def test_a_failure_at_any_call_tells_nobody_twice_or_falsely_and_keeps_the_list(nth, after_effect):
    found, calls = world(), []
    answer(found, after(0), **LOW)
    answer(found, after(1), comment="Please call me back")
    whole = found.follow_ups, found.surveys
    found.follow_ups, found.surveys = (Breaks(port, calls, nth, after=after_effect) for port in whole)
    with suppress(ExceptionGroup):
        tell_of_rested(found, after(11))
    found.follow_ups, found.surveys = whole
    for minute in (12, 17, 23):
        tell_of_rested(found, after(minute))

    told = [one.id for one in found.desks.told]
    assert len(told) == len(set(told))
    assert len(mails(found)) <= 2
    assert {one.because for one in found.follow_ups.of("springfield", Desk.SUPERVISORS)} == {
        Because.LOW_SCORE,
        Because.CONTACT,
    }
    assert all(one.rests_until is None for one in found.follow_ups.of("springfield", Desk.SUPERVISORS))
    assert not found.follow_ups.resting("springfield", after(600))


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Low score, call P26-1", "", "Marks from 1 to 5: overall 1", "", "In their words, without"]),
        ("es", ["Nota baja, llamada P26-1", "", "Notas de 1 a 5: overall 1", "", "En sus palabras, sin"]),
    ],
)
def test_each_part_of_an_email_has_lines_of_its_own(language, lines):
    found = world()
    found.settings.publish(replace(found.settings.agency("springfield"), language=language))
    answer(found, after(0), overall="1", comment="It took very long.", done="1")

    (mail,) = found.email.outgoing
    for line, said in zip(lines, mail.body.splitlines(), strict=False):
        assert said.startswith(line)
        assert bool(said) is bool(line)
