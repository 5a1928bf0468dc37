"""`make mutate`: mutmut changes the rules in one place at a time; a sample of the changes, drawn by a seed, is tried.

mutmut works in a copy of the tree, so that nothing of it lies about here, and keeps there what it learned: which test
runs which function. The next run begins with that.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from rich.table import Table

from tenfour.common.paths import ROOT
from tenfour.common.screen import Screen

COPY = ROOT / ".build" / "mutate"
COPIED = ("app.py", "chalicelib", "docs", "feed", "infra", "pyproject.toml", "rigs", "tenfour", "tests")
SEED, SHARE, MINUTES, CORES = 1, 0.05, 25, "2"
FIRST = "chalicelib.auth.*__mutmut_1"
"""A few changes, tried so that mutmut makes all of them and learns which tests run what."""

KILLED = ("killed", "caught by type check", "segfault", "timeout")
UNTRIED = "not checked"


class Broken(Exception):
    """mutmut could not try anything: the tests fail without any change, as a rule."""


def main() -> int:
    """Try a share of all changes and print what became of them."""
    asked, began, console = _arguments(), time.monotonic(), Screen(width=120)
    _copy()
    try:
        console.print("Making the changes, and running the tests once to see what they reach …")
        _mutmut("run", "--max-children", CORES, FIRST)
        names = drawn(_statuses(), asked.only, asked.share, asked.seed)
        console.print(f"Trying {len(names):,}, {asked.minutes:g} minutes at most …")
        _mutmut("run", "--max-children", CORES, *names, seconds=asked.minutes * 60)
    except Broken as broken:
        console.print(f"mutmut tried nothing; {COPY / 'log'} ends with:\n{broken}")
        return 1
    known = _statuses()
    console.print(table({name: known[name] for name in names}, f"seed {asked.seed}, {time.monotonic() - began:,.0f} s"))
    return 0


def drawn(known: Sequence[str] | dict[str, str], only: str, share: float, seed: int) -> list[str]:
    """Return the names that a seed draws of those that hold a word: a share of them, one at least."""
    among = sorted(name for name in known if only in name)
    if not among:
        raise Broken(f"no change is called {only!r}")
    return Random(seed).sample(among, max(1, round(share * len(among))))  # noqa: S311  to be had again


def statuses(printed: str) -> dict[str, str]:
    """Return what `mutmut results` says of each change."""
    lines = (line.strip().rpartition(": ") for line in printed.splitlines() if line.startswith("    "))
    return {name: status for name, _, status in lines}


def table(found: dict[str, str], title: str) -> Table:
    """Return one table: how many were tried and killed, and the names of those that survived."""
    counts = Counter(found.values())
    tried = len(found) - counts[UNTRIED]
    killed = sum(counts[status] for status in KILLED)
    shown = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    shown.add_column("changes")
    shown.add_column("how many", justify="right")
    shown.add_column("which", overflow="fold")
    shown.add_row("tried", f"{tried:,}", f"of {len(found):,} that were drawn")
    shown.add_row("killed", f"{killed:,}", f"{killed / max(tried, 1):.0%}")
    for word, status in (("survived", "survived"), ("no test runs it", "no tests"), ("suspicious", "suspicious")):
        names = sorted(name for name, is_so in found.items() if is_so == status)
        shown.add_row(word, f"{len(names):,}", "\n".join(names))
    return shown


def _copy() -> None:
    COPY.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, COPY / name
        if source.is_file():
            shutil.copy2(source, target)
            continue
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _statuses() -> dict[str, str]:
    return statuses(_mutmut("results", "--all", "true"))


def _mutmut(*arguments: str, seconds: float | None = None) -> str:
    """Run mutmut in the copy and return what it prints; Broken. When its time is over it stops with what it has."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    with (COPY / "log").open("w+", encoding="utf-8") as log:
        running = subprocess.Popen(command, cwd=COPY, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            code = running.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGTERM)  # its workers too
            running.wait()
            code = 0
        log.seek(0)
        printed = log.read()
    if code:
        raise Broken("\n".join(printed.splitlines()[-20:]))
    return printed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate")
    parser.add_argument("--only", default="", help="only changes whose name holds this")
    parser.add_argument("--share", type=float, default=SHARE, help="which part of them, from 0 to 1")
    parser.add_argument("--seed", type=int, default=SEED, help="which of them")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long at most")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
