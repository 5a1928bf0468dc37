"""Released versions of the quarters' reports: the same rules over DynamoDB and in memory."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.reports import ReportTable
from chalicelib.aws.tables import SettingsItem
from chalicelib.domain.desk.reports import Released, next_number, released_as
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.reports import MemoryReports
from tests.aws.conftest import DATABASES
from tests.factories import NOW

FIRST = Released(quarter="2026Q3", number=1, of="one", languages=("en", "es"), by="Ana and Bo", at=NOW)
TEXTS = {"en": "a report", "es": "un informe"}


@pytest.fixture(params=["memory", *DATABASES])
def reports(request):
    """Return the port, by each of its adapters."""
    if request.param == "memory":
        return MemoryReports()
    return ReportTable(request.getfixturevalue(request.param).bound[SettingsItem])


@pytest.fixture
def springfield():
    """Return the name of an agency that no other test has used."""
    return f"s{uuid4().hex[:10]}"


def test_a_version_is_found_as_it_was_released_by_its_own_agency_alone(reports, springfield):
    reports.release(springfield, FIRST, TEXTS)

    assert list(reports.released(springfield)) == [FIRST]
    assert [reports.text(springfield, "one", language) for language in ("en", "es", "fr")] == [*TEXTS.values(), ""]
    assert list(reports.released("shelbyville")) == []
    assert reports.text("shelbyville", "one", "en") == ""


def test_the_newest_version_comes_first(reports, springfield):
    versions = [FIRST, replace(FIRST, number=2, of="two"), replace(FIRST, quarter="2026Q2", of="before")]
    for one in versions:
        reports.release(springfield, one, TEXTS)

    assert [one.of for one in reports.released(springfield)] == ["two", "one", "before"]


def test_of_two_versions_with_one_number_the_first_stays(reports, springfield):
    reports.release(springfield, FIRST, TEXTS)
    with pytest.raises(Conflict):
        reports.release(springfield, replace(FIRST, of="two"), {"en": "another"})

    assert list(reports.released(springfield)) == [FIRST]
    assert reports.text(springfield, "one", "en") == "a report"


def test_a_version_has_the_next_number_of_its_quarter():
    other = replace(FIRST, quarter="2026Q2", number=7)

    assert next_number([], "2026Q3") == 1
    assert next_number([FIRST, other], "2026Q3") == 2
    assert released_as([other, FIRST], "one") == other
    assert released_as([FIRST], "two") is None


@pytest.mark.parametrize("table", DATABASES)
def test_a_version_has_no_end_and_odd_ones_are_left_out(request, table, springfield):
    items, told = request.getfixturevalue(table).bound[SettingsItem], []
    reports = ReportTable(items, told.append)
    reports.release(springfield, FIRST, TEXTS)
    items(f"!reports#{springfield}", "version#2026Q4.0001", document="[").save()

    assert items.find(f"!reports#{springfield}", "version#2026Q3.0001").expires is None
    assert list(reports.released(springfield)) == [FIRST]
    assert told == [f"!reports#{springfield} version#2026Q4.0001"]
