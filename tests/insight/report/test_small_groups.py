"""What few people said can't be worked out of a report: not by taking what it shows from its totals."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notifications.notification import State
from chalicelib.insight.figures.ask import report as ask_report
from chalicelib.insight.figures.gather import Asked, Figures
from chalicelib.insight.figures.parts_asked import parts_asked
from chalicelib.insight.figures.small_numbers import shown_months
from chalicelib.insight.figures.wording import SMALLEST, Wording
from tenfour.figures.local import LocalLake
from tenfour.figures.render import as_csv
from tests.factories import demo_agency
from tests.insight.lake.rows import write
from tests.insight.report.lakes import ASKED, QUARTER, answer, asked, call
from tests.insight.report.test_claims import paragraphs, people, rows_of

WORDING = Wording("en")
SMALL = st.integers(1, SMALLEST - 1)


@pytest.fixture
def report(tmp_path):
    def make_report(rows, made_on=date(2026, 12, 1)):
        return ask_report(LocalLake(write(tmp_path, rows)), demo_agency(), QUARTER, "en", made_on)

    return make_report


def test_a_month_with_three_answers_can_not_be_worked_out_of_its_quarter(report):
    """The quarter shows 43 answers: beside July's 20 and August's 20 everybody would know September's 3."""
    rows = [
        answer(f"{month}{n}", "overall", 5, ASKED + timedelta(days=30 * month))
        for month, count in ((-1, 20), (0, 20), (1, 3))
        for n in range(count)
    ]
    rows += [answer(f"before{n}", "overall", 4, ASKED - timedelta(days=90)) for n in range(9)]

    assert len({"July 2026", "August 2026", "September 2026"} & set(rows_of(report(rows), "trend"))) <= 1


@given(st.dictionaries(st.sampled_from([f"2026-{n:02}" for n in range(1, 13)]), st.integers(0, 12)))
def test_months_that_are_hidden_are_never_one_of_few_answers_beside_its_quarter(answers):
    shown = shown_months(answers)

    assert all(answers[month] >= SMALLEST for month in shown)
    for first in (1, 4, 7, 10):
        quarter = {f"2026-{n:02}" for n in range(first, first + 3)} & answers.keys()
        hidden = [answers[month] for month in quarter - shown if answers[month]]
        assert len(hidden) != 1 or not quarter & shown


def test_answers_that_do_not_say_their_part_are_a_part_themselves(report):
    """43 answers, 20 and 20 by beat: the 3 that say no beat would be told with all of their marks."""
    rows = [*people(20, 20, beat="11"), *people(20, 20, start=20, beat="12"), *people(20, 20, start=60, beat="13")]
    rows += people(3, 3, start=90, beat=None, mark=1)

    document = report(rows)

    assert [row[0] for row in rows_of(document, "by_beat").values()].count("not shown") == 1
    assert "beat, under 5" in paragraphs(document, "groups")
    answered = [row[1] for name, row in rows_of(document, "response").items() if name.startswith("beat")]
    assert answered.count("not shown") == 1


def test_no_sentence_says_what_the_table_hides(report):
    """Three answers in Spanish hide those in English too, of whom the sentence would say how many answered."""
    rows = [*people(100, 60), *people(100, 3, start=100, language="es")]

    document = report(rows)

    assert rows_of(document, "response")["language: English"][1:] == ["not shown", "–"]
    assert "language:" not in paragraphs(document, "response")


def test_many_answers_that_do_not_say_their_part_are_told_and_hide_nothing_more(report):
    rows = [*people(20, 20, beat="11"), *people(20, 20, start=20, beat="12"), *people(3, 3, start=60, beat="13")]
    rows += [*people(20, 20, start=70, beat="14"), *people(9, 9, start=90, beat=None)]

    document = report(rows)

    assert "beat, 9" in paragraphs(document, "groups")
    assert [row[0] for row in rows_of(document, "by_beat").values()].count("not shown") == 2


def figures(parts, untold):
    nothing = dict.fromkeys(Figures.__struct_fields__)
    told = {"people": {"beat": parts}, "untold": {"beat": untold} if untold else {}}
    return Figures(**{**nothing, **told})


PEOPLE = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (max(pair), min(pair)))


@given(st.lists(PEOPLE, min_size=1, max_size=30), st.none() | PEOPLE)
def test_of_people_asked_the_parts_add_up_and_none_of_few_can_be_worked_out(counts, rest):
    parts = tuple(Asked(f"{n:02}", *pair) for n, pair in enumerate(counts))
    untold = Asked("", *rest) if rest else None

    found = parts_asked(figures(parts, untold), "beat", WORDING)

    assert sum(one.asked for one in found.people) == sum(one.asked for one in parts)
    assert sum(one.answered for one in found.people) == sum(one.answered for one in parts)
    for name, places in (("asked", found.hidden_asked), ("answered", found.hidden_answered)):
        shown = [getattr(one, name) for place, one in enumerate(found.people) if place not in places]
        hidden = [getattr(one, name) for place, one in enumerate(found.people) if place in places]
        hidden += [getattr(untold, name)] if untold else []  # it has no row
        assert not any(0 < count < SMALLEST for count in shown)
        few = [count for count in hidden if 0 < count < SMALLEST]
        assert not few or len(hidden) > 1 or not any(count >= SMALLEST for count in shown)


def test_of_a_city_with_many_beats_the_smaller_ones_are_one_row(report):
    rows = [row for n in range(25) for row in people(8, 6, start=10 * n, beat=f"{n:02}")]

    shown = rows_of(report(rows), "response")
    beats = {name: row for name, row in shown.items() if name.startswith("beat")}

    assert beats["beat: 13 more"][:2] == ["104", "78"]
    assert sum(int(row[0]) for row in beats.values()) == 200


@pytest.mark.parametrize("answered", [1, 4])
def test_of_a_few_answers_it_is_said_once_that_they_are_few(report, answered):
    told = paragraphs(report(people(40, answered)), "response")

    assert "40 people were asked after their call. Too few answered to publish how many." in told
    assert "under 5" not in told
    assert "clearly more or less often" not in told


def test_each_line_of_the_csv_is_of_one_row_of_its_table(report):
    """Undelivered texts have a line for each reason: without it nobody knows which count is of which."""
    states = [State.UNDELIVERED] * 2 + [State.DELIVERED]
    reasons = ["blocked", "unreachable", ""]
    rows = [
        asked(10 * n + at, state=state, reason=reason)
        for at, (state, reason) in enumerate(zip(states, reasons, strict=True))
        for n in range(9)
    ]

    lines = list(csv.DictReader(io.StringIO(as_csv(report(rows)))))

    named = [(line["table"], line["row"], line["column"]) for line in lines]
    assert len(named) == len(set(named))
    assert ("delivery", "sms / undelivered / blocked", "messages") in named


def test_a_sentence_begins_with_a_capital(report):
    rows = [row for n in range(3) for row in (call(n), asked(n))]

    assert "Under 5 people were asked" in paragraphs(report(rows), "response")
    assert "Of under 5 calls" in paragraphs(report(rows), "headline")
