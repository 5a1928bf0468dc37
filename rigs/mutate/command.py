"""`python -m rigs.mutate.command`: draw a sample, try it on every core, print one table."""

import argparse
import multiprocessing
import re
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from rigs.mutate.change import Change, changes
from rigs.mutate.trial import NO_CHANGE, Verdict, try_change
from tenfour.common.paths import ROOT
from tenfour.common.terminal import progress

SEED, SAMPLE = 1, 130
GENERATED = re.compile(r"phrases_\w+\.py|languages\.py")
"""Modules of words alone: their examples are tested one by one."""

PARTS = ("chalicelib/domain", "chalicelib/auth.py")
_LIBRARIES = ("pytest", "hypothesis", "hypothesis.stateful", "msgspec", "phonenumbers", "jinja2", "boto3", "rich.table")


def every_change() -> list[Change]:
    """Return all changes that could be made, file by file."""
    files = [
        path
        for part in PARTS
        for path in sorted((ROOT / part).rglob("*.py") if "." not in part else [ROOT / part])
        if not GENERATED.fullmatch(path.name)
    ]
    return [
        change for path in files for change in changes(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Try a sample; exit with 1 where one survives that `docs/developer/mutation.md` does not explain."""
    asked = _arguments()
    known = [change for change in every_change() if asked.file in change.path]
    drawn = Random(asked.seed).sample(known, min(asked.sample, len(known)))  # noqa: S311  to be had again
    for library in _LIBRARIES:
        __import__(library)
    began, verdicts = time.monotonic(), dict[Change, Verdict]()
    console = Console(highlight=False)
    with progress(console) as bar, multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
        task = bar.add_task("changes", total=len(drawn) + 1)
        for change, verdict in pool.imap_unordered(_judge, [NO_CHANGE, *drawn]):
            verdicts[change] = verdict
            bar.advance(task)
            if verdict == "survived" and change != NO_CHANGE:
                console.print(f"survived: {Path(change.path).name}:{change.line}: {change.what}", markup=False)
            if time.monotonic() - began > asked.minutes * 60:
                break  # what was drawn first is as good a sample, only smaller
    if verdicts.pop(NO_CHANGE, None) != "survived":
        console.print("The tests fail without any change: nothing can be said.")
        return 1
    survivors = sorted(change for change, verdict in verdicts.items() if verdict == "survived")
    explained = Path(ROOT / "docs" / "developer" / "mutation.md").read_text(encoding="utf-8")
    _show(verdicts, len(known), time.monotonic() - began, asked.seed, console)
    return int(any(_named(change) not in explained for change in survivors))


def _judge(change: Change) -> tuple[Change, Verdict]:
    return change, try_change(change)


def _named(change: Change) -> str:
    """Return how the page names a change: without its line, which moves."""
    return f"`{Path(change.path).name}` {change.what}"


def _show(verdicts: dict[Change, Verdict], known: int, took: float, seed: int, console: Console) -> None:
    counts = Counter(verdicts.values())
    title = f"{len(verdicts):,} of {known:,} changes, seed {seed}, in {took:,.0f} s"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    table.add_column("verdict")
    table.add_column("changes", justify="right")
    table.add_column("of all", justify="right")
    for verdict in ("noticed", "noticed by flows", "never ended", "survived"):
        table.add_row(verdict, f"{counts[verdict]:,}", f"{counts[verdict] / max(1, len(verdicts)):.1%}")
    console.print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many changes")
    parser.add_argument("--minutes", type=float, default=30, help="how long at most")
    parser.add_argument("--seed", type=int, default=SEED, help="which")
    parser.add_argument("--file", default="", help="only files whose path holds this")
    parser.add_argument("--jobs", type=int, default=None, help="how many at once; without it, one a core")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
