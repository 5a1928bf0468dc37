"""The insight works inside Lambda: imported and run from the package, where nothing else is."""

import json
import subprocess
import sys

import pytest

from rigs.bench.starts import EMPTY, INSIGHT, insight_starts, unpacked
from tenfour.common.paths import ROOT
from tenfour.stack.package import here, package
from tests.insight import inside

ROOMS = ("insight", "virtual")
NOT_IN_LAMBDA = {
    *("boto3", "duckdb", "feed", "matplotlib", "numpy", "rich", "rigs", "s3transfer", "sqlglot", "tenfour", "typer"),
}
IMPORT_ALL = """
import importlib, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
print(json.dumps([*sys.modules]))
"""
RUN = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def code():
    with unpacked(package(here())) as folder:
        yield folder


def alone(*words):
    """Run a program that sees nothing but Python's own library and the package."""
    return subprocess.run([sys.executable, "-I", "-S", *map(str, words)], capture_output=True, text=True, check=False)


def modules_of(room):
    for path in sorted((ROOT / "chalicelib" / room).rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_every_module_is_imported_from_the_package_alone(code):
    wanted = [name for room in ROOMS for name in modules_of(room)]

    done = alone("-c", IMPORT_ALL, code, *wanted)

    assert done.returncode == 0, done.stderr
    found = set(json.loads(done.stdout))
    assert len(wanted) > 80
    assert set(wanted) <= found
    assert not {name.partition(".")[0] for name in found} & NOT_IN_LAMBDA


@pytest.mark.parametrize("name", inside.PLAYED)
def test_it_gives_the_same_there_as_here(code, name):
    done = alone("-c", RUN, code, inside.__file__, name)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == inside.as_text(name)
    assert len(json.loads(done.stdout)) > 4


def test_what_was_run_there_has_something_to_say():
    assert any(item["what"] == "delivered" for item in inside.explain()["moments"])
    assert inside.check()["errors"] == 1
    assert inside.diff()["differences"]
    assert inside.shadow()["with_message"] > 10
    charts = [block for part in inside.report()["sections"] for block in part["blocks"] if block["type"] == "chart"]
    assert [chart["kind"] for chart in charts] == ["dots", "line", "dots", "bars"]


def test_an_entry_of_the_insight_imports_what_a_function_does_and_little_more():
    """Counted in modules, since seconds lie on a shared machine; docs/developer/performance.md has the seconds."""
    starts = {start.handler: start for start in insight_starts(package(here()), rounds=0)}
    empty = starts.pop(EMPTY).modules

    assert set(starts) == set(INSIGHT)
    for name, start in starts.items():
        assert len(start.modules) <= 2.4 * len(empty), name
        assert not {module.partition(".")[0] for module in start.modules} & (NOT_IN_LAMBDA | {"twilio"}), name
