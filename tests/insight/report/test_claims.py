"""A report claims what was counted, in the words that people saw, and says where it does not know."""

import csv
import io
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.settings.question_sets import SETS
from chalicelib.domain.settings.questions import Question
from chalicelib.insight.figures.ask import report as ask_report
from chalicelib.insight.figures.document import DASH, Paragraph, Table
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.small_numbers import hidden_marks, mean_is_told
from chalicelib.insight.figures.wording import SMALLEST
from tenfour.figures.local import LocalLake
from tenfour.figures.render import as_csv, html, markdown
from tests.factories import demo_agency
from tests.insight.lake.rows import write
from tests.insight.report.lakes import ASKED, QUARTER, answer, asked, call, comment

AFTER = date(2026, 12, 1)
CARRIED = "beat,incident_type,shift"
STANDARD = demo_agency()


@pytest.fixture
def report(tmp_path):
    """Return a function that reports on a quarter of an agency's lake."""

    def make_report(rows, agency=STANDARD, made_on=AFTER, language="en", quarter=QUARTER):
        return ask_report(LocalLake(write(tmp_path, rows)), agency, quarter, language, made_on)

    return make_report


def people(count, answered, start=0, hour=None, **facts):
    """Return so many people who were asked with the settings that every agency begins with, and who answered.

    Each fifth is not satisfied: of people who all think alike, a report says only how many they are.
    """
    of_call = {name: value for name, value in facts.items() if name in ("incident_type", "beat", "shift")}
    for n in range(start, start + count):
        yield from (call(n, **of_call), asked(n, language=facts.get("language", "en")))
        if n < start + answered:
            spoken = {"language": facts.get("language", "en"), "hour": hour, "carries": CARRIED}
            yield answer(n, "overall", facts.get("mark", 5 if n % 5 else 2), **spoken, **of_call)


def paragraphs(document, name):
    blocks = next(part for part in document.sections if part.id == name).blocks
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def rows_of(document, name):
    tables = (block for part in document.sections for block in part.blocks if isinstance(block, Table))
    return {row[0].text: [cell.text for cell in row[1:]] for block in tables if block.id == name for row in block.rows}


def test_what_answers_do_not_carry_is_not_known_and_never_nought(report):
    """Found with default settings: 16 asked, 13 answered, and `hours 12-17: 16 asked, 0 answered, 0 %`."""
    document = report(people(16, 13))

    shown = rows_of(document, "response")
    assert shown["all hours"] == ["16", "not known", "not known"]
    assert not any(name.startswith("hours:") for name in shown)
    assert shown["shift: A"] == ["16", "13", "81% (57 to 93)"]
    assert "answers do not say it of their call: how many answered by hour of the call." in paragraphs(
        document, "response"
    )


def test_what_answers_carry_is_shown_by_hour_and_language(report):
    rows = [*people(40, 20, hour=13, language="es"), *people(40, 30, start=40, hour=13)]
    rows = [replace(row, carries="hour") if hasattr(row, "carries") else row for row in rows]

    shown = rows_of(report(rows), "response")

    assert shown["hours: 12–17"][:2] == ["80", "50"]
    assert [shown[f"language: {name}"][:2] for name in ("English", "Spanish")] == [["40", "30"], ["40", "20"]]


def test_a_call_without_a_beat_is_not_an_answer_that_may_not_say_it(report):
    rows = [*people(20, 10), *people(10, 8, start=20, beat=None)]

    shown = rows_of(report(rows), "response")

    assert shown["beat: 11"] == ["20", "10", "50% (30 to 70)"]


def test_only_an_outcome_tells_what_became_of_a_call(report):
    rows = [call(n) for n in range(20)]
    rows += [asked(n, kind="acknowledgment") for n in range(15)] + [asked(n, kind="outcome") for n in range(7)]

    told = paragraphs(report(rows), "headline")

    assert "callers of 15 were sent a message, and callers of 7 one that says how the call ended" in told


def test_an_arrival_whose_time_contradicts_the_call_is_an_arrival(report):
    rows = [row for n in range(9) for row in (call(n, arrived_at=ASKED), asked(n, kind="delay"))]

    shown = rows_of(report(rows), "delays")

    assert shown["priority 3"] == ["9", "9", "–", "–"]


@pytest.mark.parametrize(
    ("rules", "said", "unsaid"),
    [
        (
            {},
            "only about calls that officers came to and that ended so: handled, a report was taken.",
            "only about calls that ended",
        ),
        (
            {"without_arrival": True, "outcomes": ("cancelled",)},
            "only about calls that ended so: called off.",
            "officers came",
        ),
    ],
)
def test_the_headline_says_of_which_calls_people_are_asked(report, rules, said, unsaid):
    agency = replace(STANDARD, survey=replace(STANDARD.survey, **rules))

    told = paragraphs(report(people(20, 10), agency), "headline")

    assert said in told
    assert unsaid not in told


def test_the_scale_and_the_question_are_in_the_words_that_people_saw(report):
    document = report(people(20, 10))

    assert "“Overall, I am satisfied with how the police responded.”" in paragraphs(document, "headline")
    assert "(1: Disagree, 5: Agree)" in paragraphs(document, "questions")
    assert "fully" not in markdown(document)
    assert "By text" not in paragraphs(document, "questions")
    spanish = report(people(20, 10), language="es")
    assert "(1: En desacuerdo, 5: De acuerdo)" in paragraphs(spanish, "questions")


def test_words_of_a_text_message_are_told_where_people_answered_by_text(report):
    rows = [*people(20, 0), *(answer(n, "overall", 4, door="reply", asked_by="reply") for n in range(9))]

    told = paragraphs(report(rows), "questions")

    assert SETS["standard"][4].sms["en"] in told


def test_questions_of_different_scales_are_told_apart(report):
    five = ("Bad", "Poor", "Fair", "Good", "Great")
    asked_too = Question(id="speed", text={"en": "How fast were we?"}, labels={"en": five})
    bare = Question(id="manner", text={"en": "How was our manner?"})
    questions = (*STANDARD.survey.questions, asked_too, bare)
    agency = replace(STANDARD, survey=replace(STANDARD.survey, questions=questions))
    rows = [*people(20, 9), *(answer(n, name, 4) for n in range(9) for name in ("speed", "manner"))]

    told = paragraphs(report(rows, agency), "questions")

    assert "(1: Bad, 2: Poor, 3: Fair, 4: Good, 5: Great): “How fast were we?”" in told
    assert "(1: lowest mark, 5: highest mark): “How was our manner?”" in told


def test_a_question_that_was_asked_in_other_words_says_so(report):
    rows = [*people(9, 0), *(answer(n, "overall", 4 if n else 1, question_version="earlier") for n in range(9))]

    assert "(asked in other words then)" in paragraphs(report(rows), "headline")


def test_a_quarter_that_is_not_over_says_so_everywhere(report):
    """In the title, at the top, at the answers, and in each line of the CSV."""
    rows = [*people(30, 20), *(answer(n, "overall", 4 if n else 1, ASKED - timedelta(days=40)) for n in range(9))]
    document, over = report(rows, made_on=date(2026, 8, 20)), report(rows)

    assert "not over: counted up to August 20, 2026" in document.subtitle
    assert "This quarter is not over." in paragraphs(document, "headline")
    assert "counted month by month" in paragraphs(document, "questions")
    assert not rows_of(document, "questions")
    assert {line["until"] for line in csv.DictReader(io.StringIO(as_csv(document)))} == {"2026-08-20"}
    assert {line["until"] for line in csv.DictReader(io.StringIO(as_csv(over)))} == {"2026-09-30"}
    assert "not over" not in html(over)
    assert "counted month by month" not in html(over)


@pytest.mark.parametrize(("made_on", "open_"), [(date(2026, 11, 6), True), (date(2026, 11, 7), False)])
def test_how_many_answered_is_told_once_nobody_can_answer_any_more(report, made_on, open_):
    told = paragraphs(report(people(20, 10), made_on=made_on), "response")

    assert ("is told from November 7, 2026 on" in told) is open_
    assert ("10 answered at least one question" in told) is not open_


def test_each_mark_is_counted(report):
    marks = [1] * 6 + [2] * 7 + [3] * 8 + [4] * 9 + [5] * 20
    rows = [
        row for n, mark in enumerate(marks) for row in (call(n), asked(n), answer(n, "overall", mark, carries=CARRIED))
    ]

    (shown,) = rows_of(report(rows), "marks").values()

    assert shown == ["6 (12%)", "7 (14%)", "8 (16%)", "9 (18%)", "20 (40%)"]


def solutions(of, favourable, weight, shown):
    """Return every way in which so many marks have these sums and counts."""
    for ones, twos in itertools.product(range(of - favourable + 1), repeat=2):
        threes = of - favourable - ones - twos
        fives = weight - ones - 2 * twos - 3 * threes - 4 * favourable
        found = (ones, twos, threes, favourable - fives, fives)
        if min(found) >= 0 and all(found[mark - 1] == count for mark, count in shown.items()):
            yield found


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(sum))
def test_no_count_of_a_mark_that_is_hidden_can_be_worked_out(counts):
    """Not from the total, the favourable share and the mean, which are shown beside it."""
    marks = dict(enumerate(counts, 1))
    out = hidden_marks(marks)

    assert {mark for mark, count in marks.items() if 0 < count < SMALLEST} <= out
    assert mean_is_told(marks) or len(out) == len(marks)
    if mean_is_told(marks):
        weight = sum(mark * count for mark, count in marks.items())
        shown = {mark: count for mark, count in marks.items() if mark not in out}
        found = list(solutions(sum(counts), counts[3] + counts[4], weight, shown))
        assert tuple(counts) in found
        for mark in out:
            assert marks[mark] == 0 or marks[mark] >= SMALLEST or len({one[mark - 1] for one in found}) > 1


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((6, 7, 8, 9, 20), "3.60 (3.20 to 3.98)"),
        ((8, 13, 4, 7, 48), "3.92"),  # with the interval, 3.62 to 4.21, only these counts fit
        ((0, 0, 2, 0, 10), None),  # with the mean each count is known, though all of them are hidden
    ],
)
def test_the_mean_and_its_interval_stand_where_they_tell_nothing_of_hidden_counts(report, counts, told):
    marks = [mark for mark, count in enumerate(counts, 1) for _ in range(count)]
    rows = [
        row for n, mark in enumerate(marks) for row in (call(n), asked(n), answer(n, "overall", mark, carries=CARRIED))
    ]

    document = report(rows)

    ((_, _, mean_, *_),) = rows_of(document, "questions").values()
    assert mean_ == (told or DASH)
    assert (f"the mean mark is {told}." in paragraphs(document, "headline")) is (told is not None)


def test_the_weighted_share_stands_beside_the_plain_one(report):
    """Half of those asked were asked in Spanish, answered a third as often, and half of them are satisfied."""
    rows = [*people(100, 30, language="es", mark=2), *people(100, 90, start=100, mark=5)]

    document = report(rows)

    told = paragraphs(document, "headline")
    assert "75% (67 to 82) of those who answered" in told
    assert "Weighted by language to all who were asked, it is 50% (" in told
    assert "(by language), the share of 4 and 5 is 50%" in paragraphs(document, "response")
    assert "poststratification" in markdown(document)


def test_answers_by_cards_are_in_no_rate_and_said_to_be_there(report):
    rows = [*people(100, 50), *(answer(n, "overall", 1, asked_by="card", door="card") for n in range(500, 510))]

    told = paragraphs(report(rows), "response")

    assert "50 answered at least one question" in told
    assert "10 answers came by cards" in told


def test_comments_are_counted_as_written_read_and_released(report):
    released = [row for n in range(6) for row in comment(n, f"Words {n}")]
    held = [row for n in range(6, 13) for row in comment(n, f"Words {n}", "held")]
    unread = [comment(n, f"Words {n}")[0] for n in range(13, 40)]

    told = paragraphs(report([*released, *held, *unread]), "comments")

    assert "Comments that people wrote: 40. Read by somebody: 13. Released: 6." in told


def test_answers_that_do_not_say_their_part_are_a_part(report):
    rows = [*people(20, 20, beat="11"), *people(20, 20, start=20, beat="12"), *people(7, 7, start=40, beat=None)]

    assert {name: row[0] for name, row in rows_of(report(rows), "by_beat").items()} == {
        "11": "20",
        "12": "20",
        "not told": "7",
    }


def test_a_price_that_nobody_told_is_not_nought(report):
    rows = [replace(asked(n), cost=None) for n in range(9)]

    assert "No carrier told a price." in paragraphs(report(rows), "delivery")


@pytest.mark.parametrize("name", ["2026Q3", "2026Q4"])
def test_quarters_in_which_nothing_was_are_reports_too(report, name):
    assert len(report([], quarter=Quarter.named(name)).sections) == 11
