"""Patterns of types: any text, any character, and never longer than the code takes to read."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.settings.incident_types import matches, type_pattern

pieces = st.text("AB*?[]!.-\\ ", max_size=8)


def oracle(pattern, code):
    """Return whether a pattern fits, by trying every split: the definition, not the engine."""
    if not pattern:
        return not code
    if pattern[0] == "*":
        return any(oracle(pattern[1:], code[cut:]) for cut in range(len(code) + 1))
    fits = code[:1] != "" and (pattern[0] == "?" or pattern[0].casefold() == code[0].casefold())
    return fits and oracle(pattern[1:], code[1:])


@given(pieces, pieces)
def test_a_pattern_fits_what_its_definition_says(pattern, code):
    assert matches((pattern,), code) == oracle(pattern, code)


@given(st.lists(pieces, min_size=1, max_size=3, unique=True), pieces)
def test_several_patterns_fit_what_one_of_them_fits(patterns, code):
    assert matches(tuple(patterns), code) == any(oracle(pattern, code) for pattern in patterns)


def test_no_number_of_stars_is_tried_twice():
    """Each star but the last is atomic: what it took is never given back, so the work grows with the code alone."""
    written = type_pattern(("*A" * 31 + "*B",)).pattern

    assert not matches(("*A" * 31 + "*B",), "A" * 64)
    assert len(re.findall(r"\(\?=\(\?P<g\d+>|\(\?>", written)) == 31
