"""A survey by text: the first question in the invitation, one more with each answer, and an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.domain.surveys.follow_up import Because, Desk
from chalicelib.domain.surveys.read_comment import CommentKind, judge
from chalicelib.domain.surveys.survey import LINK_LIFE
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey, show_survey
from chalicelib.ports.errors import Conflict
from tests.factories import PHONE, after, agency, call, caller, update
from tests.flow.city import City

ASKED = 11
"""Minutes after the call in which the survey goes out."""


class Asked(City):
    """A city in which somebody has just been asked, and texts back."""

    def __init__(self, door="reply", language="en", **changes):
        survey = SurveyRules(link="https://t.ex/s", after=Duration(minutes=1), door=door, **changes)
        super().__init__(agency(survey=survey, languages=("es",)))
        self.tell(call(parties={"1": caller(language=language)}), update(after(5), "a", arrived_at=after(5)))
        self.tell(update(after(10), "closed", closed_at=after(10), dispositions=("HAN",)))
        self.run_until(after(ASKED))
        self.before = len(self.texts())
        self.minute = ASKED

    @property
    def token(self):
        return survey_token(self.ports.survey_secret, self.row(Kind.SURVEY).key)

    @property
    def survey(self):
        return self.ports.surveys.load(token_hash(self.token))

    @property
    def invitation(self):
        return self.texts()[self.before - 1]

    def say(self, body, name="", at=None):
        """Text, and return what came back."""
        self.minute += 1
        heard = len(self.texts())
        at = at or after(self.minute)
        text = Reply(sender=PHONE, number="+13035550199", body=body, at=at, message_id=name or f"in-{self.minute}")
        take_reply(text, self.ports)
        return self.texts()[heard:]

    def click(self, **form):
        self.minute += 1
        return answer_survey(self.token, form, "en", self.ports, after(self.minute))


def test_the_invitation_asks_the_first_question():
    city = Asked()

    assert city.invitation == (
        "Springfield PD, call P26-1: How satisfied are you with our response? 1 (not at all) to 5 (very). "
        "Answer with a number, or STOP to opt out."
    )


def test_one_question_follows_the_other_and_thanks_come_last():
    city = Asked()

    assert city.say("5") == ["Did we help to solve your problem? 1 (not at all) to 5 (very much)"]
    assert city.say("four") == ["Anything else that we should know? In your own words."]
    (thanks,) = city.say("You were quick")
    assert "thank you" in thanks
    assert f"https://t.ex/s/{city.token}" in thanks
    answers = city.survey.answers
    assert (answers.marks, answers.comments) == ({"overall": 5, "helped": 4}, {"comment": "You were quick"})
    assert city.survey.doors == ("reply",)
    ended = city.survey.talk.over
    assert ended == after(city.minute)
    city.say("3")
    assert city.survey.talk.over == ended


def test_it_is_spoken_in_the_persons_language():
    city = Asked(language="es")

    assert "¿Cuánto le satisface nuestra respuesta?" in city.invitation
    assert city.say("cinco") == ["¿Le ayudamos a resolver su problema? De 1 (nada) a 5 (mucho)"]


def test_what_is_said_beside_a_mark_is_kept():
    city = Asked()
    city.say("5 thanks so much, officer Lee was wonderful")

    assert city.survey.answers.marks == {"overall": 5}
    assert "officer Lee" in city.survey.answers.remarks["overall"]


def test_what_is_not_clear_is_asked_once_more_and_then_left():
    city = Asked()

    (again,) = city.say("well it depends on the day")
    assert "did not understand" in again
    assert f"https://t.ex/s/{city.token}" in again
    (left,) = city.say("as I said it depends")
    assert "not monitored" in left
    assert len(list(city.ports.contacts.replies("springfield"))) == 1
    assert not city.survey.answers


def test_a_clear_answer_counts_however_late():
    city = Asked()
    city.say("depends")
    city.say("depends")
    (following,) = city.say("4", at=after(0, days=20))

    assert city.survey.answers.marks == {"overall": 4}
    assert "solve your problem" in following


def test_after_30_days_it_is_no_answer_any_more():
    city = Asked()
    city.say("4", at=after(ASKED) + LINK_LIFE)

    assert not city.survey.answers


@pytest.mark.parametrize("body", ["no", "No thanks", "no gracias", "not now"])
def test_who_says_no_is_asked_no_more(body):
    city = Asked()

    assert "no more questions" in city.say(body)[0]
    assert not city.survey.answers


def test_no_in_the_middle_keeps_what_was_said():
    city = Asked()
    city.say("2")

    assert "no more questions" in city.say("no")[0]
    assert city.survey.answers.marks == {"overall": 2}


def test_stop_ends_it():
    city = Asked()

    assert "no more texts" in city.say("STOP")[0]
    assert city.say("5") == []
    assert not city.survey.answers


def test_a_text_that_is_heard_twice_answers_one_question():
    city = Asked()
    first = city.say("5", "same")
    again = city.say("5", "same")

    assert (len(first), again) == (1, [])
    assert city.survey.answers.marks == {"overall": 5}


def test_a_text_that_was_stored_and_not_answered_is_answered_when_it_comes_back():
    city = Asked()
    heard = city.ports.contacts.heard

    def died(*args):
        raise OSError("the table is away")

    city.ports.contacts.heard = died
    with pytest.raises(OSError, match="away"):
        city.say("5", "same")
    city.ports.contacts.heard = heard

    assert city.say("5", "same") == ["Did we help to solve your problem? 1 (not at all) to 5 (very much)"]
    assert city.survey.answers.marks == {"overall": 5}


def test_a_whole_survey_within_a_minute_is_not_silenced():
    city = Asked()
    heard = [city.say(body, at=after(ASKED, seconds=number)) for number, body in enumerate(("5", "5", "all good"))]

    assert [len(texts) for texts in heard] == [1, 1, 1]


@pytest.mark.parametrize(
    "parrot", [lambda ours: ours, lambda ours: "5", lambda ours: "I am driving", lambda ours: "no"]
)
def test_two_machines_that_answer_each_other_end(parrot):
    city = Asked()
    ours, said = city.invitation, 0
    for second in range(500):
        texts = city.say(parrot(ours), at=after(ASKED, seconds=second))
        said += len(texts)
        ours = texts[-1] if texts else ours

    assert said <= 8


class TestBothDoors:
    def test_who_began_by_text_goes_on_by_link(self):
        city = Asked()
        city.say("5")

        assert show_survey(city.token, "en", city.ports, after(20)).answered
        city.click(helped="3", respect="4")
        assert city.survey.answers.marks == {"overall": 5, "helped": 3, "respect": 4}
        assert city.survey.doors == ("reply", "link")

    def test_who_began_by_link_goes_on_by_text(self):
        city = Asked("link")
        city.click(overall="5")
        (following,) = city.say("4")

        assert city.survey.answers.marks == {"overall": 5, "helped": 4}
        assert following == "Anything else that we should know? In your own words."

    def test_who_was_sent_a_link_and_answers_with_a_number_has_answered(self):
        city = Asked("link")
        city.say("5")

        assert city.survey.answers.marks == {"overall": 5}

    @pytest.mark.parametrize("body", ["thank you", "no", "ok", "who is this", "yes"])
    def test_who_was_sent_a_link_and_just_talks_has_not(self, body):
        city = Asked("link")
        city.say(body)

        assert city.survey.version == 0
        assert len(list(city.ports.contacts.replies("springfield"))) == 1

    @given(st.permutations(["respect", "listened", "helped", "call_taker"]), st.data())
    def test_any_order_of_doors_stores_the_same_answers(self, order, data):
        """Whatever the doors: each question is answered once, by its own mark."""
        city, marks = Asked(), {"overall": 1, "helped": 2, "respect": 3, "listened": 4, "call_taker": 5}
        todo = set(order) | {"overall"}
        while todo:
            asked = next((name for name in ("overall", "helped") if name in todo), None)
            if asked and data.draw(st.booleans()):
                city.say(str(marks[asked]))
                todo.discard(asked)
            else:
                name = data.draw(st.sampled_from(sorted(todo)))
                city.click(**{name: str(marks[name])})
                todo.discard(name)

        assert city.survey.answers.marks == marks

    def test_both_at_once_lose_nothing(self):
        city = Asked()
        put, first = city.ports.surveys.put, []

        def overtaken(survey):
            if not first:
                first.append(True)
                city.click(respect="4")
                raise Conflict
            return put(survey)

        city.ports.surveys.put = overtaken
        city.say("5")

        assert city.survey.answers.marks == {"overall": 5, "respect": 4}


class TestDanger:
    @pytest.mark.parametrize("body", ["he is breaking in right now", "1 he has a gun and is outside my door"])
    def test_911_comes_first_and_somebody_is_told(self, body):
        city = Asked()
        assert CommentKind.DANGER in judge(body).kinds

        (said,) = city.say(body)
        assert said.startswith("Springfield PD: if you are in danger, call or text 911 now.")
        (alert,) = city.ports.follow_ups.of("springfield", Desk.ALERTS)
        assert (alert.because, alert.incident_number) == (Because.DANGER, "P26-1")

    def test_who_has_no_survey_hears_of_911_too(self):
        city = City()
        take_reply(Reply(sender=PHONE, number="+13035550199", body="he is breaking in", at=after(1)), city.ports)

        assert "call or text 911 now" in city.texts()[0]
        assert len(city.ports.follow_ups.of("springfield", Desk.ALERTS)) == 1

    def test_what_alleges_misconduct_by_text_goes_to_standards(self):
        city = Asked()
        city.say("that officer hit my son and called him names")

        assert [one.because for one in city.ports.follow_ups.of("springfield", Desk.STANDARDS)] == [Because.MISCONDUCT]


def test_who_saw_no_officer_is_asked_of_what_they_can_judge():
    survey = SurveyRules(
        link="https://t.ex/s", after=Duration(minutes=1), door="reply", without_arrival=True,
        reply_questions=("respect", "call_taker", "overall"),
    )  # fmt: skip
    city = City(agency(survey=survey))
    city.tell(call(), update(after(10), "closed", closed_at=after(10), dispositions=("HAN",)))
    city.run_until(after(12))

    assert "The person who took my call was helpful." in city.texts()[-1]


@pytest.mark.parametrize(
    "told",
    [
        {"type_modifier": "DOMESTIC"},
        {"latches": frozenset({Latch.DO_NOT_CONTACT})},
        {"unsafe_parties": frozenset({"1"})},
        {"incident_number": "P26-7", "incident_type": "DV", "parties": {"1": caller()}},
    ],
    ids=["sensitive", "do not contact", "unsafe", "silenced by another"],
)
def test_a_survey_by_text_ends_where_nothing_may_be_texted_any_more(told):
    found = Asked()
    found.say("5")
    found.tell(update(after(13), "turn", **told))

    assert found.say("4") == []
    assert len(found.survey.answers.all) == 1
    assert [words.words for words in found.ports.contacts.replies("springfield")] == ["4"]
    (text,) = found.say("he is back and has a gun")
    assert "911" in text
