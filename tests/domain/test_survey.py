import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.identity import Kind, NotificationKey
from chalicelib.domain.question import LONGEST_COMMENT
from chalicelib.domain.question_sets import SETS
from chalicelib.domain.reply import Intent, intent
from chalicelib.domain.survey import InvalidAnswer, read_answers
from chalicelib.domain.token import is_token, survey_token, token_hash

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
             "they won't quit", "ok thanks", "🛑", "stop it", "cancel my report", "stop by my house", "no more noise",
             "remove the car", "start the report"]
)  # fmt: skip
def test_anything_else_is_conversation(body):
    assert intent(body) is Intent.OTHER


@pytest.mark.parametrize("body", ["YES", "yes.", "Sí"])
def test_yes_is_a_word_of_its_own(body):
    assert intent(body) is Intent.YES
