"""How long each function takes to start: its handler imported from the unpacked package, beside an empty one.

The empty handler makes botocore's DynamoDB client and does nothing, the least that any could do. All are
measured in turn, in processes that see nothing but the package, so that what else the machine does falls on all alike.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from msgspec import Struct

from tenfour.stack.package import Package

EMPTY = "the empty handler"
MOST = 1.5
"""How many times as long as the empty handler any other may take."""

FIRST_OF_ALL = {"app.desk": "chalicelib.web.desk.door"}
"""What a function imports at its first request and no other function does: it counts as a part of its start."""

INSIGHT = {
    "explain": ("explain.read",),
    "review": ("settings.check", "settings.preview", "settings.diff"),
    "shadow": ("shadow.past", "shadow.sign_off"),
    "figures": ("figures.ask", "figures.athena"),
    "records": ("records.on_request",),
}
"""The entries of the insight, and the modules that each consists of."""

_CLIENT = "import botocore.session as b; b.get_session().create_client('dynamodb', region_name='us-west-2')"
_MEASURE = """
import sys
sys.path.insert(0, {code!r})
from time import process_time
start = process_time()
{program}
took = process_time() - start
print(took, *sys.modules)
"""


class Start(Struct, frozen=True):
    """A handler: what importing it takes, in milliseconds of CPU (the median of the rounds), and its modules."""

    handler: str
    milliseconds: float
    modules: frozenset[str]


def cold_starts(packaged: Package, rounds: int) -> tuple[Start, ...]:
    """Return the empty handler's start, and those of the package's own.

    Without rounds the first run counts: its modules are right, its time includes the disk.
    """
    programs = {name: _starting(name) for name in handlers_of(packaged)}
    return _beside_empty(packaged, programs, rounds)


def _starting(handler: str) -> str:
    also = f"; import {FIRST_OF_ALL[handler]}" if handler in FIRST_OF_ALL else ""
    return f"import app; app.{handler.partition('.')[2]}{also}"


def insight_starts(packaged: Package, rounds: int) -> tuple[Start, ...]:
    """Return the empty handler's start, and the import of each entry of the insight."""
    programs = {
        name: f"import {', '.join(f'chalicelib.insight.{part}' for part in parts)}" for name, parts in INSIGHT.items()
    }
    return _beside_empty(packaged, programs, rounds)


def _beside_empty(packaged: Package, others: Mapping[str, str], rounds: int) -> tuple[Start, ...]:
    programs = {EMPTY: _CLIENT, **others}
    with unpacked(packaged) as code:
        first, *later = [{name: _run(code, each) for name, each in programs.items()} for _ in range(rounds + 1)]
    runs = later or [first]  # the first run of all reads the disk
    return tuple(Start(name, median(run[name][0] for run in runs) * 1000, first[name][1]) for name in programs)


def handlers_of(packaged: Package) -> tuple[str, ...]:
    """Return the handlers that the template names."""
    resources = json.loads(packaged.template.read_text())["Resources"].values()
    return tuple(each["Properties"]["Handler"] for each in resources if each["Type"] == "AWS::Serverless::Function")


@contextmanager
def unpacked(packaged: Package) -> Iterator[Path]:
    """Yield a folder with the package's code, as a function sees it."""
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(packaged.code).extractall(folder)
        yield Path(folder)


def _run(code: Path, program: str) -> tuple[float, frozenset[str]]:
    command = [sys.executable, "-I", "-S", "-c", _MEASURE.format(code=str(code), program=program)]
    took, *modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(took), frozenset(modules)
