import re
from collections import Counter
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts, Unit
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.people.reply import Intent, intent
from chalicelib.domain.settings.experiment import Arm, Experiment, arm
from chalicelib.domain.settings.question_sets import SETS
from chalicelib.domain.settings.questions import LONGEST_COMMENT, Question, question_problems, questionnaire
from chalicelib.domain.settings.survey import Carry, SurveyRules
from chalicelib.domain.surveys.carried import SEVERAL, carried, judges
from chalicelib.domain.surveys.survey import Carried, InvalidAnswer, read_answers
from chalicelib.domain.surveys.token import is_token, survey_token, token_hash
from chalicelib.web.origin import ELSEWHERE, posted_from
from tests.factories import NOW

KEY = NotificationKey("springfield", "P26-1", Kind.SURVEY, "1", 0)


def test_a_token_is_short_the_same_each_time_and_another_for_each_secret_and_survey():
    token = survey_token(b"secret", KEY)

    assert re.fullmatch(r"[0-9A-Za-z]{13}", token)
    assert token == survey_token(b"secret", KEY)
    assert (
        len({token, survey_token(b"other", KEY), survey_token(b"secret", KEY.__class__("s", "2", KEY.kind, "1"))}) == 3
    )


def test_tokens_use_the_whole_alphabet():
    tokens = [survey_token(b"s", KEY.__class__("s", str(n), KEY.kind, "1")) for n in range(200)]

    assert len(set(tokens)) == 200
    assert len(set("".join(tokens))) == 62


@given(st.text(max_size=20))
def test_only_what_could_be_a_token_is_looked_up(text):
    assert is_token(text) == bool(re.fullmatch(r"[0-9A-Za-z]{13}", text))


def test_the_hash_of_a_token_is_not_the_token():
    assert "abc" not in token_hash("abc")


def test_what_was_answered_is_kept_and_blanks_are_left_out():
    form = {"respect": "5", "overall": " 3 ", "listened": "", "comment": " Thanks. ", "unasked": "9"}

    assert read_answers(form, SETS["standard"]) == {"respect": 5, "overall": 3, "comment": "Thanks."}


@pytest.mark.parametrize("mark", ["0", "6", "55", "five", "1.5", "-1", "٣", "5; DROP"])
def test_a_mark_that_is_none_is_refused_by_name(mark):
    with pytest.raises(InvalidAnswer, match=r"^overall$"):
        read_answers({"overall": mark}, SETS["standard"])


def test_a_comment_is_cut_where_it_is_longer_than_anybody_reads():
    answers = read_answers({"comment": "x" * 9999}, SETS["standard"])

    assert len(answers["comment"]) == LONGEST_COMMENT


def test_nothing_answered_is_nothing():
    assert not read_answers({}, SETS["standard"])
    assert read_answers({"overall": "1"}, SETS["standard"])


@pytest.mark.parametrize(
    "body", ["STOP", "stop", " Stop. ", "STOP!", "please stop", "Stop please", "QUIT", "End", "Revoke", "opt out",
             "OPT-OUT", "OptOut", "cancel", "UNSUBSCRIBE", "STOPALL", "alto", "¡Alto!", "STOP NOW", "stop texting me",
             "remove me", "No more texts!", "don't text me again", "STOP\n\nSent from my phone"]
)  # fmt: skip
def test_a_stop_word_stops(body):
    assert intent(body) is Intent.STOP


@pytest.mark.parametrize("body", ["START", "start", "UNSTOP", " Start. ", "opt in"])
def test_a_start_word_starts(body):
    assert intent(body) is Intent.START


@pytest.mark.parametrize(
    "body", ["", "I can't stop crying", "the noise has stopped", "don't stop", "5", "at the end of the road",
             "they won't quit", "ok thanks", "🛑", "cancel my report", "stop by my house", "no more noise",
             "make it stop", "remove the car", "start the report"]
)  # fmt: skip
def test_anything_else_is_conversation(body):
    assert intent(body) is Intent.OTHER


@pytest.mark.parametrize("body", ["YES", "yes.", "Sí"])
def test_yes_is_a_word_of_its_own(body):
    assert intent(body) is Intent.YES


ARMS = Experiment(name="doors", door=("link", "reply"), wording=("a", "b"), hour=(10, 17))


def keys(count):
    return [KEY.__class__("springfield", f"P26-{number}", Kind.SURVEY, "1") for number in range(count)]


def test_an_arm_is_the_same_each_time_and_off_by_default():
    assert arm(None, KEY) == Arm()
    assert arm(ARMS, KEY) == arm(ARMS, KEY)


def test_arms_are_drawn_apart_and_by_the_same_shares():
    drawn = Counter(arm(ARMS, key) for key in keys(4000))

    assert len(drawn) == 8
    assert all(400 < count < 600 for count in drawn.values())


def test_another_experiment_draws_anew():
    other = replace(ARMS, name="doors-2")
    same = sum(arm(ARMS, key).door == arm(other, key).door for key in keys(1000))

    assert 400 < same < 600


def test_an_arm_says_what_was_drawn():
    assert Arm(experiment="doors", door="reply", hour=10).name == "doors door=reply hour=10"
    assert Arm().name == ""


@pytest.mark.parametrize(
    "change", [{"text": {"en": "Other?"}}, {"labels": {"en": ("No", "Yes")}}, {"about": "call_taker"},
               {"sms": {"en": "Well?"}}, {"id": "other"}]
)  # fmt: skip
def test_a_changed_question_is_another_questionnaire(change):
    first, *others = SETS["standard"]
    changed = replace(first, **change)

    assert questionnaire((changed, *others)) != questionnaire(SETS["standard"])
    assert changed.version != first.version
    assert questionnaire(tuple(SETS["standard"])) == questionnaire(SETS["standard"])


def test_a_questionnaires_version_stays_the_same_from_release_to_release():
    """Stored answers name it: if this fails, answers of before and after would count as those of two questions."""
    assert questionnaire((Question(id="overall", text={"en": "How?"}),)) == "d5df7820c3dd"


@pytest.mark.parametrize("name", SETS)
def test_each_set_is_right_and_can_be_asked_by_text(name):
    rules = SurveyRules(link="https://t.ex/s", question_set=name)

    assert not list(question_problems(rules.questions))
    assert rules.reply_questions == ("overall", "helped", "comment")


def test_bends_set_has_its_seven():
    assert [one.id for one in SETS["bend"] if one.kind == "scale"] == [
        "listened", "respect", "fair", "clear", "informed", "helped", "overall",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "whom"),
    [
        ({"arrived_at": NOW, "origin": "911"}, ("call_taker", "officer", "agency")),
        ({"origin": "911"}, ("call_taker", "agency")),
        ({"arrived_at": NOW, "origin": "online"}, ("officer", "agency")),
        ({"arrived_at": NOW, "response_mode": "phone"}, ("call_taker", "agency")),
        ({"origin": "alarm"}, ("agency",)),
    ],
)
def test_people_are_asked_of_whom_they_can_judge(facts, whom):
    assert judges(Facts(**facts)) == whom


AGREEMENT, DENVER = "Police Officers Association, January 2026", ZoneInfo("America/Denver")
EVERYTHING = Facts(
    incident_type="NOISE", beat="612", shift="C", received_at=NOW, call_taker_id="ct17",
    units=(Unit("3A12", ("o1", "o2")), Unit("3A14")),
)  # fmt: skip


@given(st.sets(st.sampled_from(get_args(Carry))))
def test_an_answer_carries_what_the_settings_say_and_nothing_else(carry):
    rules = SurveyRules(link="https://t.ex/s", carry=frozenset(carry), labor_agreement=AGREEMENT)
    told = carried(EVERYTHING, rules, DENVER)

    whole = {
        "incident_type": ("incident_type", "NOISE"), "beat": ("beat", "612"), "shift": ("shift", "C"),
        "hour": ("hour", 11), "unit": ("units", ("3A12", "3A14")), "officer": ("officer_ids", ("o1", "o2")),
        "call_taker": ("call_taker_id", "ct17"),
    }  # fmt: skip
    several = {"officer": SEVERAL} if "officer" in carry else {}
    assert told == Carried(allowed=tuple(sorted(carry)), **dict(whole[name] for name in carry), **several)


@pytest.mark.parametrize(
    ("units", "officer"),
    [
        ((Unit("3A12", ("o1",)),), "o1"),
        ((Unit("3A12", ("o1",)), Unit("3A14", ("o1",))), "o1"),
        ((Unit("3A12", ("o1", "o2")),), SEVERAL),
        ((Unit("3A12", ("o1",)), Unit("3A14", ("o2",))), SEVERAL),
        ((Unit("3A12", ("o1",)), Unit("3A14")), SEVERAL),
        ((Unit("3A12"), Unit("3A14")), None),
        ((), None),
        (None, None),
    ],
)
def test_an_answer_tells_the_officer_only_where_one_is_sure_to_have_come_alone(units, officer):
    rules = SurveyRules(link="https://t.ex/s", carry=frozenset({"officer"}), labor_agreement=AGREEMENT)

    assert carried(Facts(units=units), rules, DENVER).officer == officer


@pytest.mark.parametrize("agreement", ["", " "])
def test_no_answer_carries_an_employee_where_no_labor_agreement_is_named(agreement):
    """Also by settings that were published before the agreement had a key."""
    rules = SurveyRules(link="https://t.ex/s", carry=frozenset(get_args(Carry)), labor_agreement=agreement)
    told = carried(EVERYTHING, rules, DENVER)

    assert (told.officer, told.officer_ids, told.call_taker_id) == (None, (), None)
    assert told.allowed == ("beat", "hour", "incident_type", "shift", "unit")


def test_officers_and_call_takers_are_not_carried_unless_asked_for():
    assert carried(EVERYTHING, SurveyRules(link="https://t.ex/s"), DENVER) == Carried(
        allowed=("beat", "incident_type", "shift"), incident_type="NOISE", beat="612", shift="C"
    )


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, ""),
        ({"origin": "null"}, ""),
        ({"sec-fetch-site": "same-origin", "origin": "https://t.ex"}, ""),
        ({"sec-fetch-site": "none"}, ""),
        ({"sec-fetch-site": "cross-site"}, ELSEWHERE),
        ({"sec-fetch-site": "same-site", "origin": "https://t.ex"}, ELSEWHERE),
        ({"origin": "https://Evil.example"}, "https://evil.example"),
    ],
)
def test_a_browser_says_where_a_form_was_posted(headers, origin):
    assert posted_from(headers) == origin
