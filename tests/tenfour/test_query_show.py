"""What a query answers is read on a terminal of 80 columns: no word is cut in pieces."""

import io

import pytest

from tenfour.common.screen import Screen
from tenfour.figures.query_show import show

NAMES = ("agency_id", "month", "calls", "duplicates", "calls_told", "calls_told_outcome", "messages", "officers_came")
ROW = ("springfield", "2026-07", 12_345, 120, 11_000, 10_500, 23_456, 8_000)


def shown(names, rows):
    screen = Screen(file=io.StringIO(), width=80)
    show("How many?", "2026-07-01 to 2026-09-30", names, rows, screen)
    return screen.file.getvalue()


def test_one_row_is_told_line_by_line():
    lines = shown(NAMES, (ROW,)).splitlines()

    assert "calls_told_outcome: 10,500" in lines
    assert "agency_id: springfield" in lines


@pytest.mark.parametrize("more", [(), ("timed", "median_minutes", "longest_minutes", "percent_of_channel")])
def test_no_word_is_cut_however_many_columns_differ(more):
    names = (*NAMES, *more)
    rows = tuple((ROW[0], f"2026-0{n}", *(value + n for value in ROW[2:]), *(n + 0.5 for _ in more)) for n in (7, 8, 9))

    said = shown(names, rows)

    assert max(map(len, said.splitlines())) <= 80
    for word in {"2026-07", "2026-09", "12,352", "10,509", *(word for name in names[2:] for word in name.split("_"))}:
        assert word in said, said


def test_a_column_of_digests_is_not_cut_where_another_can_break():
    rows = tuple((f"question{n}", "31452ca91ffd", 1_000 + n, 3.25 + n, 50.5, 10.5 + n, 80.5) for n in range(3))
    named = (
        "question",
        "version",
        "favourable_of_all_answers",
        "mean_mark_of_all",
        "low",
        "percent_of_all_answers",
        "hi",
    )

    said = shown(named, ((*rows[0][:1], "d1adf051ef08", *rows[0][2:]), *rows[1:]))

    assert "31452ca91ffd" in said
    assert "d1adf051ef08" in said


def test_a_long_comment_is_still_in_a_table():
    said = shown(("id", "comment"), (("a", "they came soon " * 20), ("b", "x" * 300)))

    assert "comment" in said
    assert max(map(len, said.splitlines())) <= 80
