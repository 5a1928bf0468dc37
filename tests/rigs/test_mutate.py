"""Which changes are drawn, and what is said of them; mutmut itself is only run by `make mutate`."""

import tomllib
from io import StringIO

import pytest

from rigs.mutate import COPIED, Broken, drawn, statuses, table
from tenfour.common.paths import ROOT
from tenfour.common.screen import Screen

PRINTED = """
    chalicelib.auth.x_signed__mutmut_1: killed
    chalicelib.auth.x_signed__mutmut_2: survived
    chalicelib.domain.hours.xǁHoursǁends__mutmut_1: no tests
    chalicelib.domain.hours.xǁHoursǁends__mutmut_2: timeout
    chalicelib.domain.hours.xǁHoursǁends__mutmut_3: not checked
"""


def test_a_seed_draws_the_same_share_each_time_and_another_one_others():
    names = [f"chalicelib.domain.x_{place}" for place in range(400)]

    first = drawn(names, "", 0.1, 1)
    assert first == drawn(names[::-1], "", 0.1, 1) != drawn(names, "", 0.1, 2)
    assert len(set(first)) == 40
    assert drawn(names, "x_399", 0.1, 1) == ["chalicelib.domain.x_399"]
    with pytest.raises(Broken, match="klingon"):
        drawn(names, "klingon", 1, 1)


def test_the_table_counts_what_was_tried_and_names_what_survived():
    shown = StringIO()

    Screen(file=shown, width=120).print(table(statuses(PRINTED), "seed 1"))

    rows = [line.split() for line in shown.getvalue().splitlines()]
    assert ["tried", "4", "of", "5", "that", "were", "drawn"] in rows
    assert ["killed", "2", "50%"] in rows
    assert ["survived", "1", "chalicelib.auth.x_signed__mutmut_2"] in rows
    assert ["no", "test", "runs", "it", "1", "chalicelib.domain.hours.xǁHoursǁends__mutmut_1"] in rows


def test_what_mutmut_is_told_to_copy_is_in_its_copy():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]

    named = {name.split("/")[0] for name in (*told["also_copy"], *told["source_paths"], "tests", "pyproject.toml")}
    assert named <= set(COPIED)
    assert all((ROOT / path).exists() for path in told["pytest_add_cli_args_test_selection"])
