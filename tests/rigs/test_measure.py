"""Each part of the bench, and its one table."""

import sys

import pytest

from rigs.bench.beside import functions_called
from rigs.bench.deciding import BESIDE, deciding
from rigs.bench.figures import Figure, of_deciding
from rigs.bench.query import query_bytes
from rigs.bench.show import BEGIN, END, keep, show
from tenfour.common.paths import ROOT
from tenfour.common.screen import Screen
from tests.factories import demo_agency
from tests.insight.report.lakes import agency

PAGE = ROOT / "docs" / "developer" / "performance.md"


@pytest.fixture(scope="module")
def figures():
    return [*of_deciding(deciding(demo_agency()))]


def test_deciding_is_measured_beside_reading(figures):
    assert [figure.what for figure in figures] == [*BESIDE]
    assert all(figure.ratio > 0 for figure in figures)


def test_functions_are_counted_those_in_c_too():
    def act():
        len(str(1))

    before = sys.getprofile()

    assert functions_called(act) - functions_called(lambda: None) == 1
    assert sys.getprofile() is before


def test_a_report_reads_no_more_when_years_have_gone_by():
    short, long = query_bytes(agency())

    assert short == long > 0


def test_the_table_fits_a_terminal(figures, capsys):
    longest = Figure(what="c" * 34, measured="123,456 bytes", beside="x", that="123,456 bytes", ratio=1.0, most="1")
    show([*figures, longest], Screen(width=80))

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("c" * 34 + " 123,456 bytes") for line in lines)


def test_the_page_keeps_its_words_around_a_new_table(figures, tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"Before.\n\n{BEGIN}\nold\n\n{END}\nAfter.\n")

    keep(figures, page)
    first = page.read_text()
    keep(figures, page)

    assert page.read_text() == first
    assert first.startswith("Before.")
    assert first.endswith("After.\n")
    assert "old" not in first
    assert figures[0].what in first


def test_the_repositorys_page_has_a_place_for_the_table():
    text = PAGE.read_text()

    assert 0 < text.index(BEGIN) < text.index(END)
