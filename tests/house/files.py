"""The files of the repository, with or without git: a release is a folder like any other."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tenfour.common.paths import ROOT


def files() -> Iterator[str]:
    """Yield the path of each file that `.gitignore` doesn't leave out."""
    ignored = [line for line in (ROOT / ".gitignore").read_text().splitlines() if line]
    yield from (str(path.relative_to(ROOT)) for path in _below(ROOT, [".git", *ignored]))


def _below(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if any(_matches(path, pattern) for pattern in ignored):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path, ignored)
        elif path.is_file():
            yield path


def _matches(path: Path, pattern: str) -> bool:
    """Tell whether a line of `.gitignore` is about a path; one with a slash inside is about a place, not a name."""
    name = pattern.rstrip("/")
    if pattern.endswith("/") and not path.is_dir():
        return False
    return fnmatch(str(path.relative_to(ROOT)) if "/" in name else path.name, name.removeprefix("/"))
