"""Analysts see which comments were released and which low marks were closed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from chalicelib.aws.document import encode
from chalicelib.aws.stream import read_item
from chalicelib.domain.lake.answer_rows import answer_rows, follow_up_rows, release_row
from chalicelib.domain.lake.tables import newest
from chalicelib.domain.surveys.black_out import blacked_out, mask_of
from chalicelib.domain.surveys.comment_release import CommentRelease, state_of
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.domain.surveys.survey import Answers
from chalicelib.insight.figures.queries import query
from tenfour.figures.local import LocalLake
from tests.factories import NOW, after, agency
from tests.flow.lake.test_lake import answered
from tests.insight.lake.rows import write

DAY = timedelta(days=1)
LOW = FollowUp(
    id="ab12",
    agency_id="springfield",
    desk=Desk.SUPERVISORS,
    because=Because.LOW_SCORE,
    raised_at=NOW,
    asked_at=after(-90),
    due_at=after(48 * 60),
    incident_number="P26-1",
    marks={"overall": 1},
    comments=("He was slow.",),
)


def quoted(folder, *rows):
    asked = answered().asked_at.date()
    found = LocalLake(write(folder, rows)).query(query("comments").during(asked - DAY, asked + DAY))
    return [row["comment"] for row in found.dicts()]


def unreleased(folder, *rows):
    asked = answered().asked_at.date()
    found = LocalLake(write(folder / "unreleased", rows)).query(
        query("comments_unreleased").during(asked - DAY, asked + DAY)
    )
    return [row["comment"] for row in found.dicts()]


def comment(words, version=1):
    survey = replace(answered(), version=version, answers=Answers(comments={"comment": words}))
    (row,) = answer_rows(survey, agency(), ())
    return row


def a_release(name, dt, words, state="released", at=NOW, mask=""):
    return CommentRelease(
        agency_id="springfield",
        comment_id=name,
        dt=dt,
        words=words,
        state=state,
        decided_at=at,
        decided_by="lee",
        mask=mask,
    )


def decided(row, state="released", at=NOW):
    return release_row(a_release(row.id, row.dt, row.words, state, at))


def test_a_comment_is_quoted_when_somebody_released_it_and_not_after_it_was_held(tmp_path):
    row = comment("They were kind.")
    released, held = decided(row), decided(row, "held", after(5))

    assert quoted(tmp_path / "new", row) == []
    assert quoted(tmp_path / "released", row, released) == ["They were kind."]
    assert quoted(tmp_path / "held", row, released, held) == []


@pytest.mark.parametrize("words", ["Señor Ruiz fue ñ “grosero”.", "Ruiz. 🙂 Ruiz", "Ruiz"])
def test_what_is_blacked_out_is_quoted_as_the_rules_say(tmp_path, words):
    """The query does in SQL what the rule does: the words themselves stay in `comments`."""
    row = comment(words)
    mask = mask_of(row.comment, ("Ruiz",))
    released = release_row(a_release(row.id, row.dt, row.words, state_of(mask), mask=mask))

    (read,) = quoted(tmp_path, row, released)
    assert read == blacked_out(row.comment, mask)
    assert "Ruiz" not in read + str(released)
    assert unreleased(tmp_path, row, released) == []
    held = release_row(a_release(row.id, row.dt, row.words, "held", after(5)))
    assert quoted(tmp_path / "held", row, released, held) == []


def test_the_release_before_publishes_no_comment_with_a_mask():
    """It reads the state alone, in the tables and in the lake."""
    row = comment("Ruiz was kind")
    release = a_release(row.id, row.dt, row.words, state_of("xxxx"), mask="xxxx")

    assert (release.state, release_row(release).state) == ("held", "held")


def test_a_comment_that_is_changed_has_to_be_read_again_and_another_answer_changes_nothing(tmp_path):
    row = comment("They were kind.")

    assert quoted(tmp_path / "same", comment("They were kind.", 2), decided(row)) == ["They were kind."]
    assert quoted(tmp_path / "changed", comment("They were kind. Jo Doe was not.", 2), decided(row)) == []
    assert quoted(tmp_path / "taken back", comment("", 2), decided(row)) == []


HIT = "The officer hit me."


def test_an_allegation_is_in_no_list_count_or_quote_and_takes_its_whole_survey_along(tmp_path):
    """Decision 29: professional standards alone have it. What was released before is not quoted any more."""
    kind = comment("They were kind.")
    survey = replace(answered(), version=2, answers=Answers(comments={"comment": "They were kind.", "other": HIT}))
    rows = tuple(answer_rows(survey, agency(), ()))
    asked = survey.asked_at.date()
    counted = query("comments_counted").during(asked - DAY, asked + DAY)

    assert (len(rows), {row.comment for row in rows}) == (2, {""})
    assert HIT not in json.encode(rows).decode()
    assert quoted(tmp_path / "kind", *newest((kind, *rows)), decided(kind)) == []
    assert unreleased(tmp_path, *newest((kind, *rows))) == []
    assert LocalLake(write(tmp_path / "counted", newest((kind, *rows)))).query(counted).dicts() == []


def test_words_by_text_beside_a_mark_are_a_comment_of_their_own_and_may_allege_too():
    said = replace(answered(), answers=Answers(comments={"a": "Thanks."}, remarks={"a": "They were slow."}))
    alleges = replace(said, answers=replace(said.answers, remarks={"a": HIT}))

    assert [row.comment for row in answer_rows(said, agency(), ())] == ["Thanks.", "They were slow."]
    assert len({row.id for row in answer_rows(said, agency(), ())}) == 2
    assert {row.comment for row in answer_rows(alleges, agency(), ())} == {""}


def test_who_released_it_stays_in_the_tables():
    assert "lee" not in json.encode(decided(comment("Thanks"))).decode()


@pytest.mark.parametrize(
    ("closed", "state", "hours", "in_time"),
    [(None, "open", None, None), (after(61), "closed", 2, True), (after(48 * 60 + 1), "closed", 49, False)],
)
def test_a_low_mark_is_open_or_closed_in_time_or_late(closed, state, hours, in_time):
    (row,) = follow_up_rows(replace(LOW, answered_at=closed, note="called back"), agency())

    assert (row.state, row.hours, row.in_time) == (state, hours, in_time)
    assert (row.asked_on, row.due_on, row.dt) == ("2026-11-21", "2026-11-23", LOW.asked_at.date())


def test_it_says_nothing_of_the_call_the_words_or_who_saw_to_it():
    told = json.encode(list(follow_up_rows(replace(LOW, answered_at=NOW, answered_by="lee", note="rang"), agency())))

    for secret in ("P26-1", "slow", "lee", "rang", "ab12", "supervisors"):
        assert secret not in told.decode()


def test_of_an_anonymous_survey_only_the_week_is_told():
    (row,) = follow_up_rows(replace(LOW, anonymous=True), agency())

    assert row.due_on is None


@pytest.mark.parametrize("because", [Because.MISCONDUCT, Because.DANGER, Because.PRAISE])
def test_misconduct_danger_and_praise_are_not_told(because):
    assert list(follow_up_rows(replace(LOW, because=because), agency())) == []


@given(st.permutations(range(3)))
def test_what_was_closed_and_went_to_another_desk_is_open_again_in_whatever_order_it_comes(order):
    closed = replace(LOW, answered_at=after(5))
    elsewhere = replace(LOW, desk=Desk.STANDARDS, raised_at=after(9), due_at=after(99))
    rows = [row for one in (LOW, closed, elsewhere) for row in follow_up_rows(one, agency())]

    (last,) = newest(rows[place] for place in order)

    assert last.state == "open"


def test_both_are_read_from_their_tables_and_the_rest_of_contacts_is_not():
    kept = a_release("c1", NOW.date(), "w")

    assert read_item("!follow-ups#springfield#supervisors", "ab12", 0, encode(LOW)) == LOW
    assert read_item("release#springfield#c1", None, 0, encode(kept)) == kept
    assert read_item("springfield#" + "a" * 32, "profile", 0, "{}") is None
