from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.settings.question_sets import SETS
from chalicelib.domain.settings.questions import OnlyIf, Question, questionnaire
from chalicelib.domain.settings.survey import FollowUpRules, SurveyRules
from chalicelib.domain.surveys import survey as survey_rules
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.follow_up import Because, Desk
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.survey import LINK_LIFE, MOST_CHANGES, Survey
from chalicelib.domain.surveys.token import form_proof, survey_token, token_hash
from chalicelib.domain.surveys.visits import MOST_WORDS
from chalicelib.flow.surveys.answer import NotOurs, answer_survey, show_survey
from chalicelib.flow.surveys.rest import tell_of_rested
from chalicelib.ports.errors import Conflict
from tests.factories import NOW, after, agency
from tests.flow.city import ports

KEY = NotificationKey("springfield", "P26-1", Kind.SURVEY, "1", 0)
TOKEN = survey_token(b"secret", KEY)
CARD = "C" * 13


def asked(**changes):
    survey = Survey(
        token_hash=token_hash(TOKEN),
        agency_id="springfield",
        notification=KEY,
        settings_version=0,
        questionnaire=questionnaire(SETS["standard"]),
        asked_at=NOW,
        expires_at=NOW + LINK_LIFE,
        keep_until=NOW + timedelta(days=400),
    )
    return replace(survey, **changes)


def with_survey(rules=None, **changes):
    world = ports()
    if rules:
        world.settings.publish(agency(survey=rules))
    world.surveys.claim(asked(**changes))
    return world


@pytest.fixture
def world():
    return with_survey()


def rules(**changes):
    return SurveyRules(link="https://tell.springfield.ex/s", **changes)


def show(world, token=TOKEN, at=NOW, language="en"):
    return show_survey(token, language, world, at)


def answer(world, at=NOW, token=TOKEN, origin="", **form):
    return answer_survey(token, form, "en", world, at, origin)


def stored(world, token=TOKEN):
    return world.surveys.load(token_hash(token))


def asked_now(page):
    """Return the questions whose conditions the answers so far meet."""
    return [question.id for question in survey_rules.asked(page.survey, page.questions)]


class TestLooking:
    def test_a_link_shows_the_questions(self, world):
        page = show(world)

        assert (page.standing, page.agency.agency_id, page.questions) == ("open", "springfield", SETS["standard"])

    def test_looking_any_number_of_times_changes_nothing(self, world):
        before = stored(world)
        for _ in range(3):
            show(world)

        assert stored(world) is before

    def test_who_saw_no_officer_is_asked_only_what_they_can_judge(self):
        page = show(with_survey(judges=("call_taker", "agency")))

        assert [question.id for question in page.questions] == ["helped", "call_taker", "overall", "comment"]

    @pytest.mark.parametrize(
        "token", ["", "x", "a" * 13, "../../etc/pass", TOKEN[:-1], TOKEN + "x", "é" * 13, TOKEN[:-1] + "\n"]
    )
    def test_an_unknown_link_is_a_page_too_in_the_readers_language(self, world, token):
        page = show(world, token, language="es")

        assert (page.standing, page.language) == ("unknown", "es")
        assert answer(world, token=token, overall="5").standing == "unknown"

    def test_a_link_ends_after_30_days(self, world):
        assert show(world, at=NOW + LINK_LIFE - timedelta(seconds=1)).standing == "open"
        assert show(world, at=NOW + LINK_LIFE).standing == "expired"
        assert answer(world, NOW + LINK_LIFE, overall="5").standing == "expired"
        assert not stored(world).answers

    def test_answers_are_closed_after_30_days(self, world):
        answer(world, overall="5")

        assert show(world, at=NOW + LINK_LIFE).standing == "closed"
        assert answer(world, NOW + LINK_LIFE, overall="1").standing == "closed"
        assert stored(world).answers.marks == {"overall": 5}

    def test_who_comes_back_finds_that_and_when_they_answered_and_nothing_that_they_said(self, world):
        answer(world, after(3), overall="4", comment="Thanks")

        page = show(world, at=after(9))
        assert (page.standing, page.answered, page.given) == ("open", True, {})
        assert page.answered_at == after(3)
        assert not show(with_survey()).answered

    def test_an_anonymous_survey_does_not_tell_when_it_was_answered(self):
        world = with_survey(anonymous=True, notification=None)
        answer(world, after(3), overall="4")

        assert (show(world).answered, show(world).answered_at) == (True, None)


class TestAnswering:
    def test_an_answer_is_stored_and_can_be_changed(self, world):
        assert answer(world, after(3), overall="5", comment="Thanks").standing == "thanks"
        assert answer(world, after(4), overall="1").standing == "changed"

        survey = stored(world)
        assert (survey.answers.marks, survey.answers.comments) == ({"overall": 1}, {"comment": "Thanks"})
        assert (survey.answered_at, survey.changed_at, survey.doors) == (after(3), after(4), ("link",))

    def test_one_answer_at_a_time_is_kept_as_it_comes(self, world):
        for minute, (question, mark) in enumerate((("respect", "5"), ("listened", "4"), ("overall", "3"))):
            answer(world, after(minute), **{question: mark})
            assert question in stored(world).answers.marks

        assert stored(world).answers.marks == {"respect": 5, "listened": 4, "overall": 3}

    @pytest.mark.parametrize("times", [2, 5])
    def test_a_form_that_is_posted_again_changes_nothing(self, world, times):
        form = {"overall": "2", "comment": "slow", "seen": "0"}
        pages = [answer(world, after(minute), **form) for minute in range(times)]

        assert {page.standing for page in pages} == {"thanks"}
        assert (stored(world).version, stored(world).changed_at) == (1, after(0))

    def test_two_tabs_that_answer_at_once_both_count(self, world):
        put, first = world.surveys.put, []

        def overtaken(survey):
            if not first:
                first.append(True)
                answer(world, respect="4")
                raise Conflict
            return put(survey)

        world.surveys.put = overtaken
        answer(world, overall="5")

        assert stored(world).answers.marks == {"respect": 4, "overall": 5}

    def test_an_older_tab_takes_back_no_words(self, world):
        answer(world, comment="The whole story")
        answer(world, overall="5", comment="", seen="0")

        assert stored(world).answers.comments == {"comment": "The whole story"}

    def test_words_can_be_taken_back(self, world):
        answer(world, comment="The whole story", overall="3")
        answer(world, after(1), comment="", seen="1")

        assert stored(world).answers.comments == {"comment": ""}
        assert stored(world).answers.marks == {"overall": 3}

    def test_an_answer_that_is_none_shows_the_question_again_with_what_was_given(self, world):
        page = answer(world, overall="7", respect="4")

        assert (page.standing, page.problem, page.given["respect"]) == ("invalid", "overall", "4")
        assert stored(world).answered_at is None

    def test_nothing_answered_is_asked_for_again(self, world):
        assert answer(world, comment="  ").standing == "nothing"
        assert stored(world).version == 0

    def test_a_question_that_was_not_asked_is_not_answered(self):
        world = with_survey(judges=("agency",))

        answer(world, overall="4", respect="1", nonsense="3", id="9")
        assert stored(world).answers.marks == {"overall": 4}

    def test_a_flood_on_one_link_ends(self, world):
        for number in range(MOST_CHANGES + 20):
            answer(world, overall=str(1 + number % 5))

        assert stored(world).version == MOST_CHANGES
        assert answer(world, overall="1").standing == "closed"

    def test_a_script_in_a_comment_is_words(self, world):
        answer(world, comment="<script>alert(1)</script>")

        assert stored(world).answers.comments == {"comment": "<script>alert(1)</script>"}

    @given(st.lists(st.tuples(st.sampled_from(["respect", "listened", "helped", "overall"]), st.integers(1, 5))))
    def test_the_last_word_on_each_question_counts(self, given_answers):
        world = with_survey()
        for question, mark in given_answers:
            answer(world, **{question: str(mark)})

        assert stored(world).answers.marks == dict(given_answers)


class TestForms:
    def test_a_form_of_another_link_is_refused(self, world):
        proof = form_proof(world.survey_secret, "b" * 13)

        with pytest.raises(NotOurs):
            answer(world, overall="5", proof=proof)
        assert not stored(world).answers

    def test_our_own_form_is_taken(self, world):
        fields = show(world).fields

        assert answer(world, overall="5", **fields).standing == "thanks"

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "elsewhere", "https://tell.springfield.ex.evil.example"]
    )
    def test_a_post_from_another_site_is_refused(self, world, origin):
        with pytest.raises(NotOurs):
            answer(world, overall="5", origin=origin)
        assert not stored(world).answers

    def test_a_post_from_our_own_site_is_taken(self, world):
        assert answer(world, overall="5", origin="https://tell.springfield.ex").standing == "thanks"


class TestComingBack:
    """Each page that is opened is a visit; a page that was opened again shows no words, and loses none."""

    def opened(self, world, token=TOKEN):
        return {name: text for name, text in show(world, token).fields.items() if name != "first"}

    def test_words_of_a_later_visit_are_added(self, world):
        answer(world, **self.opened(world), comment="They were kind.")
        answer(world, **self.opened(world), comment="But late.")

        assert stored(world).answers.comments == {"comment": "They were kind.\nBut late."}

    def test_words_that_are_saved_while_they_are_typed_replace_only_themselves(self, world):
        answer(world, **self.opened(world), comment="They were kind.")
        form = self.opened(world)
        for typed in ("But", "But la", "But late."):
            answer(world, **form, comment=typed)
        assert stored(world).answers.comments == {"comment": "They were kind.\nBut late."}

        answer(world, **form, comment="")
        assert stored(world).answers.comments == {"comment": "They were kind."}

    def test_an_empty_field_of_a_later_visit_takes_back_nothing(self, world):
        answer(world, **self.opened(world), comment="They were kind.")
        answer(world, **self.opened(world), overall="5", comment="", done="1")

        assert stored(world).answers.comments == {"comment": "They were kind."}

    @pytest.mark.parametrize("words", ["", "Nothing to add."])
    def test_words_of_before_are_deleted_where_somebody_asks_for_it(self, world, words):
        answer(world, **self.opened(world), comment="They were kind.")
        form = {**self.opened(world), "comment": words, "take-back-comment": "1", "done": "1"}
        for _ in range(2):
            answer(world, **form)

        assert stored(world).answers.comments == {"comment": words}
        assert "They were" not in str(stored(world))

    @pytest.mark.parametrize("earlier", ["He is outside my door with a gun right now", "The officer hit me", "Call me"])
    def test_a_later_visit_is_not_told_of_what_the_words_before_it_were(self, world, earlier):
        first = answer(world, **self.opened(world), comment=earlier)
        later = answer(world, **self.opened(world), overall="5", comment="", done="1")

        assert first.kinds
        assert later.kinds == frozenset()

    def test_the_latest_words_are_kept_however_many_came_before(self, world):
        for visit in range(12):
            answer(world, **self.opened(world), comment=f"{visit} " + "x" * 1_500)
        answer(world, **(form := self.opened(world)), comment="He is")
        answer(world, **form, comment="He is outside with a gun")
        kept = stored(world).answers.comments["comment"]

        assert len(kept) <= MOST_WORDS
        assert kept.endswith("x\nHe is outside with a gun")

    def test_two_visits_at_once_lose_nothing(self, world):
        one, two = self.opened(world), self.opened(world)
        answer(world, **one, comment="First")
        answer(world, **two, comment="Second")
        answer(world, **one, comment="First, and more")

        kept = stored(world).answers.comments["comment"]
        assert all(words in kept for words in ("First", "Second", "First, and more"))

    def test_a_visit_has_a_name_of_its_own(self, world):
        assert show(world).visit != show(world).visit

    def test_a_form_of_the_release_before_replaces_words_as_it_did(self, world):
        answer(world, **self.opened(world), comment="They were kind.")
        answer(world, comment="Other words")

        assert stored(world).answers.comments == {"comment": "Other words"}

    def test_an_anonymous_survey_is_scrubbed_in_each_visit(self):
        world = with_survey(anonymous=True, notification=None)
        answer(world, **self.opened(world), comment="Call 303-555-0147")
        answer(world, **self.opened(world), comment="or 303-555-0148")

        assert "555" not in stored(world).answers.comments["comment"]


class TestVersions:
    def test_a_survey_keeps_the_questions_with_which_it_was_asked(self, world):
        other = (Question(id="overall", text={"en": "Another question altogether?"}),)
        world.settings.publish(agency(version=1, survey=rules(questions=other)))

        assert show(world).questions == SETS["standard"]
        answer(world, respect="5")
        assert stored(world).answers.marks == {"respect": 5}

    def test_questions_that_are_not_to_be_had_any_more_are_not_made_up(self):
        world = with_survey(settings_version=7, questionnaire="another")

        assert show(world).standing == "unknown"

    def test_a_condition_decides_on_what_is_asked(self):
        why = Question(
            id="why", kind="text", text={"en": "Why?"}, only_if=OnlyIf(question="overall", answers=("1", "2"))
        )
        chosen = rules(questions=(SETS["standard"][4], why))
        world = with_survey(chosen, questionnaire=questionnaire(chosen.questions))

        assert asked_now(show(world)) == ["overall"]
        assert asked_now(answer(world, overall="2")) == ["overall", "why"]
        assert asked_now(answer(world, overall="5")) == ["overall"]


class Meanwhile:
    """Follow-ups: between an answer's being stored and its being seen to, something else happens, once."""

    def __init__(self, inner, happens):
        self._inner, self._happens = inner, happens

    def __getattr__(self, name):
        happens, self._happens = self._happens, None
        if happens:
            happens()
        return getattr(self._inner, name)


class TestFollowUps:
    MAIL = FollowUpRules(supervisors="sgt@pd.example", standards="psb@pd.example", praise={"*": "all@pd.example"})

    def world(self):
        return with_survey(rules(follow_up=self.MAIL))

    def raised(self, world, desk):
        return [one.because for one in world.follow_ups.of("springfield", desk)]

    def mails(self, world):
        return [(mail.address, mail.subject) for mail in world.email.outgoing]

    def test_a_low_score_goes_to_the_supervisors_once_with_a_due_time(self):
        world = self.world()
        answer(world, after(1), overall="2")
        answer(world, after(2), respect="1")

        (one,) = world.follow_ups.of("springfield", Desk.SUPERVISORS)
        assert (one.because, one.due_at, one.incident_number) == (Because.LOW_SCORE, after(1, days=3), "P26-1")
        assert one.marks == {"overall": 2, "respect": 1}
        assert self.mails(world) == []
        tell_of_rested(world, after(12))
        assert self.mails(world) == [("sgt@pd.example", "Springfield PD: Low score, call P26-1")]
        assert len(world.desks.told) == 1

    def test_a_good_score_goes_nowhere(self):
        world = self.world()
        answer(world, overall="3")

        assert not world.desks.told

    def test_who_asks_to_be_called_goes_to_the_supervisors(self):
        world = self.world()
        page = answer(world, comment="Please call me back about my case")

        assert page.kinds == {CommentKind.CONTACT}
        assert self.raised(world, Desk.SUPERVISORS) == [Because.CONTACT]

    def test_what_alleges_misconduct_never_reaches_a_supervisor(self):
        world = self.world()
        answer(world, overall="1")
        page = answer(world, comment="The officer hit me. Call me back.")

        assert CommentKind.MISCONDUCT in page.kinds
        assert self.raised(world, Desk.SUPERVISORS) == []
        assert set(self.raised(world, Desk.STANDARDS)) == {Because.MISCONDUCT, Because.LOW_SCORE, Because.CONTACT}
        tell_of_rested(world, after(10))
        assert [address for address, _ in self.mails(world)] == ["psb@pd.example"]

    @pytest.mark.parametrize(
        ("slow", "quick", "supervisors", "unit"),
        [
            ({"overall": "1"}, {"comment": "The officer hit me."}, [], []),
            ({"comment": "The officer hit me."}, {"comment": "They were kind, thank you."}, [], [Because.PRAISE]),
        ],
    )
    def test_an_answer_that_is_seen_to_late_undoes_nothing_of_a_later_one(self, slow, quick, supervisors, unit):
        world = self.world()
        world.follow_ups = Meanwhile(world.follow_ups, lambda: answer(world, after(2), **quick))
        answer(world, after(1), **slow)

        assert self.raised(world, Desk.SUPERVISORS) == supervisors
        assert self.raised(world, Desk.UNIT) == unit

    def test_praise_goes_to_the_units_list(self):
        world = self.world()
        answer(world, overall="5", comment="Officer Lee was wonderful, thank you so much", done="1")

        assert self.raised(world, Desk.UNIT) == [Because.PRAISE]
        assert self.mails(world) == [("all@pd.example", "Springfield PD: Praise, call P26-1")]

    def test_danger_is_an_alert(self):
        world = self.world()
        page = answer(world, comment="He is outside my door with a gun right now")

        assert CommentKind.DANGER in page.kinds
        assert self.raised(world, Desk.ALERTS) == [Because.DANGER]

    def test_an_alert_has_no_words_that_allege_misconduct(self):
        world = self.world()
        answer(world, comment="The officer hit me. He is outside my door with a gun right now")

        assert self.raised(world, Desk.ALERTS) == [Because.DANGER]
        to_supervisors = [mail.body for mail in world.email.outgoing if mail.address == "sgt@pd.example"]
        assert len(to_supervisors) == 1
        assert "hit me" not in to_supervisors[0]

    def test_what_is_passed_on_has_no_phone(self):
        world = self.world()
        answer(world, comment="Call me at 303-555-0147 or jo@people.example", done="1")

        told = [
            *(mail.body for mail in world.email.outgoing),
            *map(str, world.follow_ups.of("springfield", "supervisors")),
        ]
        assert self.mails(world)
        assert not [text for text in told if "0147" in text or "people.example" in text]


class TestCards:
    def world(self, uses=1):
        world = ports()
        card = Card(
            token_hash=token_hash(CARD), agency_id="springfield", settings_version=0, uses=uses, label="3A*",
            made_at=NOW, expires_at=NOW + timedelta(days=90),
        )  # fmt: skip
        world.surveys.keep_card(card)
        return world

    def form(self, world, **more):
        return {**show(world, CARD).fields, **more}

    def test_looking_uses_up_nothing(self):
        world = self.world()
        for _ in range(5):
            assert show(world, CARD).standing == "open"

        assert world.surveys.card(token_hash(CARD)).used == 0

    def test_an_answer_begins_a_survey_of_its_own_that_goes_on_by_itself(self):
        world = self.world()
        page = answer(world, token=CARD, **self.form(world, overall="5"))

        assert (page.standing, page.token != CARD, page.ours) == ("thanks", True, "")
        answer(world, token=page.token, **page.fields, respect="4")
        survey = stored(world, page.token)
        assert (survey.answers.marks, survey.door, survey.doors) == ({"overall": 5, "respect": 4}, "card", ("card",))
        assert (survey.notification, survey.carried.units) == (None, ("3A*",))

    def test_a_form_that_is_sent_twice_begins_one_survey(self):
        world = self.world()
        form = self.form(world, overall="5")
        first, second = (answer(world, token=CARD, **form) for _ in range(2))

        assert (first.standing, second.standing) == ("thanks", "thanks")
        assert len(world.surveys.all()) == world.surveys.card(token_hash(CARD)).used == 1

    def test_a_spent_card_says_so(self):
        world = self.world()
        early, late = self.form(world, overall="5"), self.form(world, overall="1")
        answer(world, token=CARD, **early)

        assert show(world, CARD).standing == "used"
        assert answer(world, token=CARD, **late).standing == "used"
        assert len(world.surveys.all()) == 1

    def test_a_survey_that_we_did_not_offer_is_not_begun(self):
        world = self.world()

        with pytest.raises(NotOurs):
            answer(world, token=CARD, overall="5")
        with pytest.raises(NotOurs):
            answer(world, token=CARD, overall="5", ours="z" * 13, proof="0" * 16)
        assert not world.surveys.all()

    def test_a_card_expires(self):
        assert show(self.world(), CARD, NOW + timedelta(days=90)).standing == "expired"

    def test_a_form_without_an_answer_uses_up_nothing(self):
        world = self.world()

        assert answer(world, token=CARD, **self.form(world, comment="")).standing == "nothing"
        assert world.surveys.card(token_hash(CARD)).used == 0
