"""The survey's page as HTML: its weight, its headers, its words; what it looks like is tried in a browser."""

import base64
import hashlib
import re

import pytest
from msgspec import ValidationError, convert
from msgspec.structs import asdict, replace

from chalicelib import words
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.settings.page_words import ADDED, PageWords
from chalicelib.domain.settings.questions import Choice, Question
from chalicelib.domain.surveys.asking import in_a_text
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.survey import Answers, Survey
from chalicelib.inbound.settings import read_settings
from chalicelib.web import static
from chalicelib.web.html import STATUS, told
from chalicelib.web.survey_html import Files, readable_in, show
from tenfour.common.paths import ROOT
from tests.factories import NOW, after, agency

FILES = Files(static.read("survey.html"), static.read("survey.css"), static.read("survey.js"))
NAMES = {"en": "English", "es": "Español"}
KEY = NotificationKey("springfield", "P26-1", Kind.SURVEY, "1")
SURVEY = Survey(
    token_hash="0" * 64,
    agency_id="springfield",
    notification=KEY,
    settings_version=1,
    asked_at=NOW,
    expires_at=after(60),
    keep_until=after(90),
)
LARGEST = 30_000


def page(standing="open", language="en", **changes):
    ours = changes.pop("agency", agency())
    questions = changes.pop("questions", ours.survey.questions)
    survey = changes.pop("survey", SURVEY)
    return Page(standing, language, agency=ours, survey=survey, questions=questions, token="T" * 13, **changes)


def shown(one, own=None):
    return show(one, FILES, own or words.load(one.language, text_to_911=True)["page"], NAMES)


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("standing", STATUS)
def test_every_standing_has_a_page_in_every_language(standing, language):
    html = shown(page(standing, language))

    assert html.status == STATUS[standing]
    assert "911" in html.body
    assert f'<html lang="{language}" dir="ltr">' in html.body
    assert "{{" not in html.body.partition("<script>")[0]


def test_the_longest_page_is_light():
    text = {"en": "w" * 160, "es": "w" * 160}
    choices = [{"id": f"c{'xyzuvwabc'[place]}", "text": {"en": "c" * 40}} for place in range(9)]
    questions = (
        *(Question(id=f"q{letter}", text=text, labels={"en": ("l" * 40,) * 5}) for letter in "abcdef"),
        *(
            Question(id=f"k{letter}", kind="choice", text=text, choices=convert(choices, tuple[Choice, ...]))
            for letter in "ghijk"
        ),
        Question(id="words", kind="text", text=text),
    )
    answers = Answers(comments={"words": "y" * 2000})
    survey, given = replace(SURVEY, answers=answers, changed_at=NOW), {"words": "x" * 2000}

    html = shown(page(questions=questions, survey=survey, given=given, kinds=frozenset(CommentKind)))
    assert len(html.body.encode()) + sum(len(f"{name}: {value}") for name, value in html.headers.items()) < LARGEST


def test_nothing_is_loaded_from_anywhere_and_only_our_own_style_and_script_count():
    html = shown(page())
    policy = html.headers["Content-Security-Policy"]
    script = re.search(r"<script>(.*)</script>", html.body, re.DOTALL)[1]
    style = re.search(r"<style>(.*)</style>", html.body, re.DOTALL)[1]

    for part, source in (("script-src", script), ("style-src", style)):
        assert f"{part} 'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "//" not in re.sub(r"<(style|script)>.*?</\1>", "", html.body, flags=re.DOTALL)
    assert not re.search(r"https?://|@import|url\(|innerHTML|eval|document\.cookie|localStorage", script + style)
    assert "Set-Cookie" not in html.headers


def test_words_of_people_and_settings_are_never_markup():
    given = {"comment": "</textarea><script>alert(1)</script>"}
    html = shown(page(given=given, agency=agency(name='<b onclick="x">Springfield</b>')))

    assert html.body.count("<script>") == 1
    assert "<b onclick" not in html.body


def test_an_agencys_name_is_escaped_once():
    html = shown(page(agency=agency(name="Adams & Brown Police")))

    assert "Adams &amp; Brown Police" in html.body
    assert "&amp;amp;" not in html.body


def test_an_anonymous_survey_says_so_and_promises_no_call():
    hidden = replace(SURVEY, anonymous=True, notification=None)
    asked = shown(page(survey=hidden))
    called = shown(page("thanks", survey=hidden, kinds=frozenset({CommentKind.CONTACT})))

    assert words.load("en", text_to_911=True)["page"]["kept_anonymous"] in asked.body
    assert "P26-1" not in asked.body
    assert "can&#39;t tell who you are. Please call 303-555-0100" in called.body


ANSWERED = replace(
    SURVEY,
    answers=Answers(marks={"overall": 2}, choices={"told": "no"}, comments={"comment": "They came late"}),
    answered_at=NOW,
    changed_at=NOW,
)


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("standing", STATUS)
def test_a_link_shows_nothing_that_was_answered(standing, language):
    """Whoever holds the phone has the link: with the same questions, every other answer gives the same page."""
    others = Answers(marks={"overall": 5}, choices={"told": "yes"}, comments={"comment": "Other words altogether"})
    questions = (*agency().survey.questions, Question(id="told", kind="yes_no", text={"en": "Told?", "es": "¿Sí?"}))
    read = [
        shown(page(standing, language, survey=replace(ANSWERED, answers=answers), questions=questions)).body
        for answers in (ANSWERED.answers, others)
    ]

    assert read[0] == read[1]
    assert "late" not in read[0]
    assert told(page(standing, survey=ANSWERED)) == told(page(standing, survey=replace(ANSWERED, answers=others)))


def test_a_condition_does_not_tell_what_was_answered():
    asks = {"text": {"en": "Why?"}, "only_if": {"question": "told", "answers": ["no"]}}
    questions = (
        Question(id="told", kind="yes_no", text={"en": "Told?"}),
        convert({"id": "why", "kind": "text", **asks}, Question),
    )
    bodies = {
        shown(page(questions=questions, survey=replace(ANSWERED, answers=Answers(choices={"told": choice})))).body
        for choice in ("yes", "no")
    }

    assert len(bodies) == 1


def test_an_answered_link_says_when_and_lets_people_add_and_take_back():
    english, spanish = shown(page(survey=ANSWERED)).body, shown(page(language="es", survey=ANSWERED)).body

    assert "You answered on November 21, 2026." in english
    assert "Usted contestó el 21 de noviembre de 2026." in spanish
    assert "New words are added after it." in english
    assert 'name="take-back-comment"' in english
    fresh = shown(page()).body
    assert not [words for words in ("You answered", "take-back", "New words") if words in fresh]


def test_an_anonymous_survey_does_not_tell_when():
    hidden = replace(ANSWERED, anonymous=True, notification=None)

    assert "You answered this already." in shown(page(survey=hidden)).body
    assert "2026" not in shown(page(survey=hidden)).body


def test_the_page_says_who_can_tell_whose_answers_they_are():
    """The number of a call leads to its phone: tenfour's own export of a person's records finds the answers by it."""
    told_of = {
        "kept": shown(page()).body,
        "kept_anonymous": shown(page(survey=replace(SURVEY, anonymous=True, notification=None))).body,
        "kept_card": shown(page(survey=replace(SURVEY, notification=None, door="card"), ours="C" * 13)).body,
    }
    words_of = words.load("en", text_to_911=True)["page"]

    for name, body in told_of.items():
        beginning = words_of[name].partition("{{")[0]
        assert beginning in body
        assert not [other for other in told_of if other != name and words_of[other].partition("{{")[0] in body]
    assert "number leads to you" in told_of["kept"]
    assert "without your name" not in told_of["kept"]


def test_every_page_of_an_agency_leads_to_the_page_about_real_texts():
    for standing in STATUS:
        assert '<a class="line" href="../real/springfield">' in shown(page(standing)).body


@pytest.mark.parametrize(("language", "said"), [("en", "us.example/complain"), ("es", "us.example/queja")])
def test_how_to_complain_is_said_in_the_pages_language(language, said):
    by_language = {"en": "us.example/complain", "es": "us.example/queja"}
    rules = agency().survey
    ours = agency(survey=replace(rules, follow_up=replace(rules.follow_up, complaints=by_language)))

    assert said in shown(page(agency=ours, language=language)).body
    assert said in shown(page("thanks", agency=ours, language=language)).body
    assert ours.survey.follow_up.complaints_in("ar") == "us.example/complain"


def test_a_language_that_lacks_later_words_leaves_their_lines_out():
    own = asdict(read_settings(HARBOR).survey.words["ar"]) | dict.fromkeys(ADDED, "")
    html = shown(page(language="ar", agency=read_settings(HARBOR), survey=ANSWERED), own)

    assert "take-back" not in html.body
    assert 'id="answered"' not in html.body


def test_the_pages_words_are_the_same_ones_everywhere():
    for language in NAMES:
        assert tuple(words.load(language, text_to_911=True)["page"]) == PageWords.__struct_fields__


HARBOR = (ROOT / "tests" / "web" / "harbor.toml").read_text(encoding="utf-8")


def test_a_language_of_the_agencys_own_is_whole_or_refused():
    own = asdict(read_settings(HARBOR).survey.words["ar"])
    html = shown(page(language="ar", agency=read_settings(HARBOR)), own)

    assert '<html lang="ar" dir="rtl">' in html.body
    assert all(name in html.body for name in ("English", own["title"], own["send"]))
    for wrong, said in (
        (HARBOR.replace('again = "', 'agian = "'), "agian"),
        (HARBOR.replace("{{ agency_name }}", "{{ agency }}", 1), "fields are written"),
        (HARBOR.replace("{{ agency_name }}", "{% raw %}", 1), "fields are written"),
    ):
        with pytest.raises((ValueError, ValidationError), match=said):
            read_settings(wrong)


def test_a_script_is_told_where_to_post_next_and_which_question_is_wrong():
    plain, wrong = told(page()), told(page("invalid", problem="overall"))

    assert plain["token"] == "T" * 13
    assert "question" not in plain
    assert wrong["question"] == "overall"
    assert told(page("unknown", survey=None)) == {"standing": "unknown", "kinds": []}


def test_whoever_alleges_misconduct_is_shown_where_complaints_go_more_clearly():
    rules = agency().survey
    ours = agency(survey=replace(rules, follow_up=replace(rules.follow_up, complaints="https://springfield.example/c")))

    assert (
        '<p id="misconduct" class="note">' in shown(page(agency=ours, kinds=frozenset({CommentKind.MISCONDUCT}))).body
    )
    assert '<p id="misconduct">' in shown(page(agency=ours)).body


def test_choices_are_read_in_the_pages_language():
    choice = Choice(id="desk", text={"en": "At the desk", "es": "En persona"})
    way = Question(id="way", kind="choice", text={"en": "How?", "es": "¿Cómo?"}, choices=(choice,))

    assert "En persona" in shown(page(language="es", questions=(way,))).body
    assert "At the desk" in shown(page(questions=(way,))).body


def test_choices_are_read_in_the_texts_language():
    choices = (Choice(id="a", text={"en": "By phone", "es": "Por teléfono"}), Choice(id="b", text={"en": "Online"}))
    way = Question(id="way", kind="choice", text={"en": "How?", "es": "¿Cómo?"}, choices=choices)

    assert in_a_text(way, "es", {"choice": "{{ question }} {{ choices }}"}) == "¿Cómo? 1 Por teléfono, 2 Online"


def test_a_page_can_be_read_in_a_language_of_ours_where_every_question_has_it():
    both, one = {"en": "How?", "es": "¿Cómo?"}, {"en": "How?"}
    scale = Question(id="overall", text=both, labels={"en": ("Bad", "Good"), "es": ("Mal", "Bien")})

    def readable(*questions):
        return set(readable_in(agency(survey=replace(agency().survey, questions=questions))))

    assert readable(scale) == {"en", "es"}
    assert readable(scale, Question(id="comment", kind="text", text=one)) == {"en"}
    assert readable(replace(scale, labels={"en": ("Bad", "Good")})) == {"en"}
