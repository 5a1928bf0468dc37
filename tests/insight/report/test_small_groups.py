"""What few people said can't be worked out of a report: not by taking what it shows from its totals."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st

from chalicelib.domain.notifications.notification import State
from chalicelib.insight.figures.ask import report as ask_report
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
    """The quarter shows 40 answers: beside July's 20 and August's 20 everybody would know September's 3."""
    rows = [
        answer(f"{month}{n}", "overall", 5 if n % 5 else 2, ASKED + timedelta(days=30 * month))
        for month, count in ((-1, 20), (0, 20), (1, 3))
        for n in range(count)
    ]

    document = report(rows)

    assert list(rows_of(document, "trend")) == ["July 2026", "August 2026"]
    assert [row[0] for row in rows_of(document, "questions").values()] == ["40"]


def test_a_month_that_waits_for_the_next_is_not_shown_by_itself(report):
    """July has 3 answers and August 20: the quarter moves on by both, so that neither is shown alone."""
    rows = [
        answer(f"{month}{n}", "overall", 5 if n % 5 else 2, ASKED + timedelta(days=30 * month))
        for month, count in ((-1, 3), (0, 20), (1, 9), (-5, 9))
        for n in range(count)
    ]

    document = report(rows)

    assert list(rows_of(document, "trend")) == ["March 2026", "September 2026"]
    assert [row[0] for row in rows_of(document, "questions").values()] == ["32"]


def test_no_sentence_says_what_the_table_hides(report):
    """Three answers in Spanish hide those in English too, of whom the sentence would say how many answered."""
    rows = [*people(100, 60), *people(100, 3, start=100, language="es")]

    document = report(rows)

    assert not any(name.startswith("language") for name in rows_of(document, "response"))
    assert "language:" not in paragraphs(document, "response")
    assert "by language" not in paragraphs(document, "headline")


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
