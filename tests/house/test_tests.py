"""Each test can fail, and none because the machine is slow."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tenfour.common.paths import ROOT

MODULES = sorted(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
CHECKS = {
    "expect_response", "fail", "raise_for_status", "raises", "run_state_machine_as_test", "validate_response",
    "wait_for", "wait_for_url", "warns",
}  # fmt: skip
"""Calls of libraries that fail where what a test is about does not hold."""

WITH_A_CLOCK = {"timeout", "read_timeout", "connect_timeout"}
FIVE_SECONDS_BY_DEFAULT = {"httpx.get", "httpx.post", "httpx.request", "httpx.Client", "httpx.AsyncClient"}
ENDS_A_TEST = "pytest.mark.timeout"
MINUTES = 300
CLOCKS = {"monotonic", "perf_counter", "process_time", "time.time"}
MAY_LOOK_AT_A_CLOCK = {"tests/waiting.py": "the one place that gives up"}


def functions(path):
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def parsed(path):
    return ast.parse(path.read_text())


def called(node):
    """Return the last words of what a function calls."""
    return {ast.unparse(call.func).rpartition(".")[2] for call in ast.walk(node) if isinstance(call, ast.Call)}


def is_checked(call):
    return any(each.arg == "check" and getattr(each.value, "value", False) is True for each in call.keywords)


def is_raised(node):
    return isinstance(node, ast.Raise) and node.exc is not None and "AssertionError" in ast.unparse(node.exc)


def asserts(node):
    """Tell whether a function itself fails where something does not hold."""
    parts = [*ast.walk(node)]
    checked = any(isinstance(each, ast.Call) and is_checked(each) for each in parts)
    return checked or any(isinstance(each, ast.Assert) or is_raised(each) for each in parts) or called(node) & CHECKS


def in_reach(path):
    """Return a module of the tests, and those that it imports, and those that they import."""
    found, left = set(), {path}
    while left:
        found |= left
        names = {
            node.module
            for each in left
            for node in ast.walk(parsed(each))
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tests.")
        }
        left = {ROOT / f"{name.replace('.', '/')}.py" for name in names} & set(MODULES) - found
    return found


def asserting(path):
    """Return the names of the functions in reach of a module that assert, themselves or by one that they call."""
    every = [node for each in in_reach(path) for node in functions(each)]
    names, before = {node.name for node in every if asserts(node)}, None
    while names != before:
        before, names = names, names | {node.name for node in every if called(node) & names}
    return names


def is_test(node):
    return node.name.startswith("test_")


def test_each_test_asserts_something():
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in MODULES
        for node in functions(path)
        if is_test(node) and not asserts(node) and node.name not in asserting(path)
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("body", "does"),
    [
        ("assert x", True),
        ("with pytest.raises(E): x()", True),
        ("run(check=True)", True),
        ("raise AssertionError", True),
        ("raise Crash", False),
        ("x == 1", False),
        ("x()", False),
    ],
)
def test_an_assertion_is_known_when_it_is_seen(body, does):
    assert bool(asserts(ast.parse(body))) is does


def impatience(tree):
    """Yield what in a module waits for less than minutes, or measures how long something took."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in WITH_A_CLOCK and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, int | float) and 0 < node.value.value < MINUTES:
                yield f"{node.value.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in FIVE_SECONDS_BY_DEFAULT:
            if not {each.arg for each in node.keywords} & {"timeout", "transport"}:
                yield f"{node.lineno}: {ast.unparse(node.func)} without a time-out"
        elif isinstance(node, ast.ImportFrom) and node.module == "tenfour.rehearse.vendor":
            yield from (f"{node.lineno}: {each.name}" for each in node.names if each.name == "wait_until")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == ENDS_A_TEST:
            yield f"{node.lineno}: {ENDS_A_TEST}"
        elif isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).removeprefix("time.") in CLOCKS:
            yield f"{node.lineno}: {ast.unparse(node)}"


def test_no_test_waits_for_less_than_minutes_or_measures_time():
    found = {str(path.relative_to(ROOT)): [*impatience(parsed(path))] for path in MODULES}

    assert {path: lines for path, lines in found.items() if lines and path not in MAY_LOOK_AT_A_CLOCK} == {}
    assert not re.search(r"^timeout = \d{1,3}$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    [
        "run(timeout=60)",
        "httpx.get(url)",
        "from tenfour.rehearse.vendor import wait_until",
        "pytest.mark.timeout(9)",
        "time.monotonic()",
        "began = perf_counter()",
    ],
)
def test_a_clock_is_known_when_it_is_seen(line):
    assert [*impatience(ast.parse(line))]


def hasty(tree):
    """Yield where a key that may lead to another page is pressed, and the page is read before that one is there.

    A press by mouse waits for the page that it leads to, one by keyboard does not.
    """
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for one, then in pairwise(body if isinstance(body, list) else []):
            pressed = isinstance(one, ast.Expr) and ast.unparse(one).endswith(".press('Enter')")
            if pressed and isinstance(then, ast.Assert):
                yield one.lineno


def test_no_page_is_asked_again_and_again_by_a_function_that_its_policy_forbids():
    """Playwright evaluates a string. The first time that is let through; later it fails, so on a slow machine alone."""
    found = [str(path.relative_to(ROOT)) for path in MODULES if ".wait_for_function(" in path.read_text()]

    assert found == []


def test_no_page_is_read_before_the_enter_key_has_led_to_it():
    found = {str(path.relative_to(ROOT)): [*hasty(parsed(path))] for path in MODULES}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("page.keyboard.press('Enter')\nassert page.url", [1]),
        ("with page.expect_navigation():\n    page.keyboard.press('Enter')\nassert page.url", []),
        ("page.keyboard.press('Enter')\npage.wait_for_url('x')\nassert page.url", []),
    ],
)
def test_haste_is_known_when_it_is_seen(body, lines):
    assert [*hasty(ast.parse(body))] == lines
