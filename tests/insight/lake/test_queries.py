"""Every named query: of Athena's grammar, right to the last digit, and sensible where there is little or nothing."""

import re
from datetime import date

import msgspec
import pytest
import trino_sql_validator

from chalicelib.domain.lake.tables import TABLES, table_of
from chalicelib.insight.figures.queries import FIRST, LAST, MARGIN, NoQuery, queries, query, views
from tenfour.figures.local import LocalLake
from tests.insight.lake.oracle import Oracle
from tests.insight.lake.rows import sample, write

QUARTER = date(2026, 7, 1), date(2026, 7, 31)
NAMED = {**queries(), **views()}


@pytest.fixture(scope="module")
def rows():
    return sample()


@pytest.fixture(scope="module")
def lake(rows, tmp_path_factory):
    return LocalLake(write(tmp_path_factory.mktemp("sample"), rows))


@pytest.fixture(scope="module")
def lone(rows, tmp_path_factory):
    """Return lakes with rows in one table only, one or all of some days, each with its rows as told."""

    def made():
        for table in TABLES:
            days = [row for row in rows if table_of(row) == table and "2026-07-03" <= str(row.dt) <= "2026-07-20"]
            for some in (days[:1], days):
                yield LocalLake(write(tmp_path_factory.mktemp("lone"), some)), as_told(some)

    return list(made())


@pytest.fixture(scope="module")
def gapped(rows, tmp_path_factory):
    """Return a lake in which one day is missing, with its rows as told."""
    some = [row for row in rows if row.dt != date(2026, 7, 10)]
    return LocalLake(write(tmp_path_factory.mktemp("gapped"), some)), as_told(some)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return LocalLake(tmp_path_factory.mktemp("empty"))


def as_told(rows):
    tables = {name: [] for name in TABLES}
    for row in rows:
        tables[table_of(row)].append(msgspec.to_builtins(row))
    return tables


def sortable(row):
    return tuple((value is not None, str(type(value)), value) for value in row)


@pytest.mark.parametrize("name", queries())
def test_it_says_what_an_independent_computation_says_to_the_last_digit(name, lake, rows):
    found = lake.query(query(name).during(*QUARTER))

    expected = list(getattr(Oracle(as_told(rows), *QUARTER), name)())
    assert len(expected) > 1
    assert sorted(found.rows, key=sortable) == sorted(expected, key=sortable)


@pytest.mark.parametrize("name", NAMED)
def test_it_is_of_athenas_grammar_and_knows_no_function_that_athena_has_not(name):
    told = trino_sql_validator.validate(NAMED[name].sql)

    assert told.valid, told.error
    assert told.unknown_functions == []
    assert told.unknown_types == []


@pytest.mark.parametrize("name", NAMED)
def test_its_first_line_is_the_question_that_it_answers(name):
    assert NAMED[name].question.endswith("?")
    assert 20 < len(NAMED[name].question) < 130


@pytest.mark.parametrize("name", queries())
def test_it_reads_the_days_that_it_is_asked_for_and_no_others(name):
    """Each table is asked for by its partition; the year in the file stands for any period."""
    sql = queries()[name].sql
    read = re.findall(rf"\b(?:FROM|JOIN) ({'|'.join((*TABLES, *views()))})\b", sql)
    assert sql.count(f"dt BETWEEN '{FIRST - MARGIN}' AND '{LAST + MARGIN}'") == len(read) > 0

    asked = query(name).during(date(2031, 4, 1), date(2031, 6, 30))
    assert "2026" not in asked
    assert "'2025-12-25'" not in asked
    assert asked.count("dt BETWEEN '2031-03-25' AND '2031-07-07'") == len(read)


def test_a_ratio_is_never_of_two_whole_or_exact_numbers():
    """Athena divides whole numbers without a rest, and 1.0 is a decimal there, with one digit after the point."""
    for named in NAMED.values():
        for divided in re.findall(r"round\(([^\n]*)", named.sql):
            assert "/" not in divided or re.search(r"\de\d", divided), named.name
        assert not re.search(r"\b\d+\.\d+\b(?!e)", named.sql), named.name


@pytest.mark.parametrize("name", queries())
def test_an_empty_lake_says_nothing(name, empty):
    assert empty.query(query(name).during(*QUARTER)).rows == ()


@pytest.mark.parametrize("name", queries())
def test_tables_that_are_missing_or_hold_one_row_are_no_trouble(name, lone):
    for lake, told in lone:
        alone = lake.query(query(name).during(*QUARTER))
        expected = getattr(Oracle(told, *QUARTER), name)()
        assert sorted(alone.rows, key=sortable) == sorted(expected, key=sortable)


@pytest.mark.parametrize("name", queries())
def test_a_missing_day_is_missed_and_nothing_else(name, gapped):
    lake, told = gapped

    found = lake.query(query(name).during(*QUARTER))

    expected = getattr(Oracle(told, *QUARTER), name)()
    assert sorted(found.rows, key=sortable) == sorted(expected, key=sortable)


def test_a_name_that_is_none_is_told_the_others():
    with pytest.raises(NoQuery, match="satisfaction_by_quarter"):
        query("satisfcation")


def test_what_is_scanned_grows_with_the_period(lake):
    month = lake.query(query("messages").during(*QUARTER)).scanned
    day = lake.query(query("messages").during(date(2026, 7, 10), date(2026, 7, 10))).scanned

    assert 0 < day < month
