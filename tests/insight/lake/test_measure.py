"""A small city's few months: the same that `tenfour lake-measure` does with five years of a large one."""

import io
import re
from collections import Counter
from datetime import date, datetime

import pytest

from chalicelib.domain.lake.tables import TABLES
from chalicelib.insight.figures.queries import query
from chalicelib.insight.results.job import SERVICE, SURVEYS
from rigs.lake.made_up import Habits, MadeUpCity
from rigs.lake.measure import fill, measure
from rigs.lake.night import night_of
from tenfour.common.screen import Screen
from tenfour.figures.folder import FolderLake
from tenfour.figures.local import LocalLake
from tests.insight.report.lakes import agency

PERIODS = [(date(2024, 6, 1), date(2024, 7, 10)), (date(2026, 8, 1), date(2026, 10, 1))]
"""Some weeks of long ago, and the end of the quarter that is reported."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("years")
    console = Screen(file=io.StringIO(), width=80)
    steps = measure(agency(), PERIODS, Habits(calls_a_day=4, answers=0.9), folder, console)
    return folder, steps, console


def test_a_quarters_report_reads_no_more_however_long_the_history_is(measured):
    _, steps, _ = measured
    (one, of_one), (two, of_two) = (numbers(step) for step in steps[-4::2])

    assert one == two > 0
    assert of_two > 1.3 * of_one


def test_a_quarters_results_read_and_keep_as_much_and_less_than_a_report_does(measured):
    _, steps, _ = measured
    report, one, _, other = map(numbers, steps[-4:])
    questions, read, kept = one

    assert one == other
    assert questions == len(SERVICE) + len(SURVEYS)
    assert 0 < read < report[0]
    assert 0 < kept < MOST_OF_AN_ITEM


def test_a_night_asks_each_question_once_reads_its_files_once_and_opening_it_again_asks_nothing(measured):
    folder, steps, _ = measured
    at = datetime(2026, 10, 1, 3, 1, tzinfo=agency().zone)
    (results, report), opened = night_of(agency(), folder / "lake", at)

    assert (results.kind, results.jobs, results.questions) == ("results", 2, 2 * (len(SERVICE) + len(SURVEYS)))
    assert report.questions > 2 * len(SERVICE)
    for one in (results, report):
        assert one.calls["StartQueryExecution"] == one.calls["GetQueryResults"] == one.questions
        assert one.files == pytest.approx(one.scanned, rel=0.05)
        assert 0 < one.first <= one.seconds
        assert one.kept > 0
    assert (opened.asked, opened.reads) == (0, 2)
    assert [step.what for step in steps[-7:-4]] == [
        "jobs of a night: 2 of results",
        "jobs of a night: 1 of report",
        "open Results again",
    ]


def test_only_at_the_hour_of_the_night_is_a_night_measured(measured):
    with pytest.raises(ValueError, match="hour of the night"):
        night_of(agency(), measured[0] / "lake", datetime(2026, 10, 1, 12, 1, tzinfo=agency().zone))


MOST_OF_AN_ITEM = 400_000
"""What DynamoDB takes as one item: each chunk's result is one, and here all are less together."""


def numbers(step):
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", step.size)]


def test_nothing_is_lost_or_doubled_on_the_way(measured):
    folder, _, _ = measured
    lake = LocalLake(folder / "lake")

    for table in TABLES:
        ((rows, ids),) = lake.query(f"SELECT count(*), count(DISTINCT id) FROM {table}").rows
        assert rows == ids
    assert lake.query("SELECT count(*) FROM incidents").rows == ((4 * (39 + 61),),)
    assert lake.query("SELECT count(*) FROM incidents WHERE version = 1 AND closed_at IS NOT NULL").rows == ((0,),)
    assert list(FolderLake(folder).landed()) == []


def test_it_is_shown_in_80_columns(measured):
    assert max(map(len, measured[2].file.getvalue().splitlines())) <= 80


def test_the_city_is_like_one_in_what_is_told_and_why_not(tmp_path):
    fill(MadeUpCity(agency(), 7, date(2026, 1, 1), Habits(calls_a_day=60)), date(2026, 3, 1), 12, FolderLake(tmp_path))
    lake = LocalLake(tmp_path / "lake")

    reasons = Counter()
    for row in lake.query(query("reasons").during(date(2026, 2, 1), date(2026, 4, 1))).dicts():
        if row["kind"] == "acknowledgment":
            reasons[row["reason"]] += row["incidents"]
    assert set(reasons) == {"sensitive", "officer_initiated", "type_not_allowed", "no_address"}
    assert sum(reasons.values()) / (60 * 12) == pytest.approx(0.4, abs=0.05)
