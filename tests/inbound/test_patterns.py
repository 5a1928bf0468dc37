"""Patterns of mappings are proved to end soon; what nobody can prove is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.inbound.mapping.file import InvalidMapping, read_mapping
from chalicelib.inbound.mapping.lines import LONGEST_LINE
from chalicelib.inbound.mapping.patterns import MOST_STEPS, steps, takes_long

LONG = [
    r"^((?:[A-Z]+[ -]?)+):",
    r"^(a+)+$",
    r"^(([a-zA-Z]+)*)$",
    r"^((a|aa)+)$",
    r"^((a|a?)+)$",
    r"(.*a){20}",
    r"(?:a?){30}(a{30})",
    r"^(a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?)b",
    r"^.*(\d+).*$",
    r"\d+-?(\d+)",
    r"(?i)^([a-z]+[A-Z]+[a-z]+)$",
    r"^(\w+)\s*\w+\s*x",
    r"(?=.*.*)(a)",
    r"(x)(?(1)a*|b*)",
    r"^(a*)a*a*b",
    r"(\d{1,400})\d{1,400}x",
    r"(?<!a)(b+)b+c",
    r"((?:(?=a*b)a)*)c",
]
SHORT = [
    (r"^(?:urn:emergency:uid:incidentid:)?([^:]+)", "urn:emergency:uid:incidentid:a1:b", "a1"),
    (r"([^:]{1,40})$", "urn:x:person-1", "person-1"),
    (r"^(?:tel:|sips?:)?([^@;]+)", "sip:3035550123@osp.example", "3035550123"),
    (r"Case (\d+) of \d+", "see Case 12 of 40", "12"),
    (r"^(.*?)x", "abx", "ab"),
    (r"^(\d{1,4})-\d+$", "12-3456", "12"),
    (r"^(?!DV)(\w+)", "NOISE 1", "NOISE"),
    (r"^(?:a{3}){2}(b)", "aaaaaab", "b"),
    (r"\w+-\w+-\w+-(\w+):", "a-b-c-de:", "de"),
]


@pytest.mark.parametrize("pattern", LONG)
def test_a_pattern_that_may_take_long_is_refused_by_name(pattern):
    groups = re.compile(pattern).groups

    assert takes_long(pattern)
    if groups == 1:
        with pytest.raises(InvalidMapping, match=r"fields\.beat\.pick: it may take too long"):
            read_mapping(f"format = 'json'\n[fields]\nincident_number = 'n'\nbeat = {{from = 'b', pick = '{pattern}'}}")


@pytest.mark.parametrize(("pattern", "text", "picked"), SHORT)
def test_a_pattern_of_which_the_end_is_proved_picks_as_it_always_did(pattern, text, picked):
    assert not takes_long(pattern)
    assert re.search(pattern, text)[1] == picked


pieces = st.sampled_from(["a", "[ab]", ".", r"\w", "[^a]", "b"])
repeats = st.sampled_from(["", "*", "+", "?", "{1,3}", "*?", "*+"])
patterns = st.recursive(
    st.builds(lambda piece, repeat: piece + repeat, pieces, repeats),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.builds(lambda one, other, repeat: f"(?:{one}|{other}){repeat}", inner, inner, repeats),
        st.builds(lambda one, other: f"(?>{one}{other})", inner, inner),
    ),
    max_leaves=5,
)


@given(patterns, st.booleans())
def test_whatever_is_let_through_ends_on_texts_made_to_hold_it_up(pattern, at_start):
    pattern = ("^" if at_start else "") + pattern + "c"

    if steps(pattern) <= MOST_STEPS:
        for text in ("a" * 400, "ab" * 200, "b" * 399 + "a"):
            assert re.search(pattern, text) is None


@given(patterns)
def test_whatever_is_let_through_for_lines_ends_where_it_is_tried_once(pattern):
    pattern += "c"

    if steps(pattern, LONGEST_LINE, at_start=True) <= MOST_STEPS:
        for text in ("a" * LONGEST_LINE, "ab" * (LONGEST_LINE // 2), "b" * (LONGEST_LINE - 1) + "a"):
            assert re.match(pattern, text) is None


def test_what_is_in_an_atomic_group_is_tried_once():
    labels = "".join(f"(?>.*?L{place}: )" for place in range(20))

    assert not takes_long("^" + labels + "(.*)", LONGEST_LINE)
    assert takes_long("^" + labels.replace("(?>", "(?:") + "(.*)", LONGEST_LINE)
    assert takes_long("^(?:(?>a*b)|c)*(d)")
