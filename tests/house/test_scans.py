"""No page and no command of daily use reads a whole table: each scan in the code is here, with its reason."""

import ast
import re

import pytest

from tenfour.common.paths import ROOT

SCANS = {
    "chalicelib/aws/stores/agencies.py names": "once a day, for what a release before wrote without the list",
    "chalicelib/aws/stores/again.py page": "the pass that puts old calls into the indexes, after an upgrade",
    "chalicelib/aws/stores/changes.py scan": "`lake rebuild`, a repair: answers and consents have no index by day",
    "chalicelib/aws/stores/incidents.py keys": "our rigs alone",
    "chalicelib/aws/stores/incidents.py records": "where not all calls are in the index, and that is said",
    "chalicelib/aws/stores/incidents.py heard": "where not all calls are in the index, and that is said",
}

CALLERS = {
    r"\.items_again\.page\(": {"chalicelib/insight/records/index.py"},
    r"\.changes\(": {"tenfour/commands/lake.py"},
    r"(?<!_)incidents\.keys\(": set(),
    r"incidents\.records\(": {"chalicelib/insight/records/every_call.py"},
    r"incidents\.heard\(": {"chalicelib/insight/records/every_call.py"},
}
"""The code that may call what scans; the list of agencies may be asked by all."""

ELSEWHERE = ("rigs/", "chalicelib/virtual/")
"""No agency runs the rigs, and `incidents` in memory have no table."""


def code():
    for room in ("chalicelib", "tenfour", "feed", "rigs"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()


def scans(tree):
    """Yield the function around each scan, by pynamodb, botocore or its pages."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr
                words = [each.value for each in node.args if isinstance(each, ast.Constant)] if called else []
                if called == "scan" or (called in ("get_paginator", "dispatch") and {"scan", "Scan"} & set(words)):
                    yield function.name


def test_each_scan_has_a_reason():
    found = {f"{path} {function}" for path, text in code() if "can" in text for function in scans(ast.parse(text))}

    assert found == SCANS.keys()


@pytest.mark.parametrize("pattern", CALLERS)
def test_what_scans_is_called_by_no_page_and_no_command_of_daily_use(pattern):
    found = {path for path, text in code() if re.search(pattern, text)}

    assert {path for path in found if not path.startswith(ELSEWHERE)} == CALLERS[pattern]


def test_a_scan_is_seen_however_it_is_written():
    wrong = "def look(items, client):\n  items.scan()\n  client.scan(TableName='x')\n  client.get_paginator('scan')\n"

    assert list(scans(ast.parse(wrong))) == ["look"] * 3
