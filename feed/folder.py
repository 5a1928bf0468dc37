"""Watching a folder: each file once it is whole, each record in it once.

Nobody says when a file is finished, so it is read when its size and time have stayed as they were. A file that still
can't be read gets some patience, for its writer may have paused. A file that grows or is written anew is read
again, and its records are known by their place and content.
"""

import fnmatch
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.payload import read_document
from feed.config import Folder
from feed.failed import SourceFailed

MEGABYTE = 1024 * 1024


class FolderFailed(SourceFailed):
    """The folder could not be listed; the text says why."""


class Look(Struct, frozen=True):
    """A file as it was when somebody looked: what tells whether it is still the same.

    In `name`, bytes that are no UTF-8 stand as their numbers: what is kept and said of a file is text.
    """

    name: str
    size: int
    changed: int


class Records(Struct, frozen=True):
    """The records of a file, or why it can't be read."""

    look: Look
    records: Sequence[Any] = ()
    said: str = ""


class Watcher:
    """A folder, and what was seen of its files so far. `known` tells whether a file was read as it now is."""

    def __init__(self, folder: Folder, mapper: Mapper, known: Callable[[Look], bool]) -> None:
        self._folder, self._mapper, self._known = folder, mapper, known
        self._path = Path(folder.path)
        self._since: dict[str, tuple[Look, float]] = {}
        self._as_it_is: dict[str, str] = {}

    def names(self) -> set[str]:
        """Return the names of the files that are there; FolderFailed."""
        return {look.name for look in self._looks()}

    def ready(self, now: float) -> Iterator[Records]:
        """Yield what is whole and new, oldest first; `now` is a clock that never goes back. FolderFailed."""
        looks = [look for look in self._looks() if not self._known(look)]
        there = {look.name for look in looks}
        self._since = {name: since for name, since in self._since.items() if name in there}
        for look in sorted(looks, key=lambda look: (look.changed, look.name)):
            before, since = self._since.get(look.name, (None, now))
            if before != look:
                self._since[look.name] = (look, now)
            elif now - since >= self._folder.settled_for.total_seconds():
                read = self._read(look, now - since)
                if read is not None:
                    yield read

    def path(self, look: Look) -> Path:
        """Return where a file is."""
        return self._path / self._as_it_is.get(look.name, look.name)

    def _read(self, look: Look, waited: float) -> Records | None:
        """Read a file; None where it may yet become readable."""
        if look.size > self._folder.largest_mb * MEGABYTE:
            return Records(look, said=f"{look.size:,} bytes are more than {self._folder.largest_mb} MB")
        try:
            body = self.path(look).read_bytes()
            return Records(look, self._mapper.records(read_document(body, self._mapper.mapping)))
        except Exception as problem:  # noqa: BLE001  one file must not cost its neighbours
            if waited < self._folder.patience.total_seconds():
                return None
            said = problem.strerror if isinstance(problem, OSError) else ""
            said = str(problem) if isinstance(problem, Malformed | Unacceptable) else said
            return Records(look, said=said or type(problem).__name__)

    def _looks(self) -> list[Look]:
        try:
            with os.scandir(self._path) as entries:
                looks = {
                    entry.name: Look(_as_text(entry.name), stat.st_size, stat.st_mtime_ns)
                    for entry in entries
                    if fnmatch.fnmatch(entry.name, self._folder.pattern) and entry.is_file()
                    for stat in (entry.stat(),)
                }
        except OSError as problem:
            raise FolderFailed(f"{self._path}: {problem.strerror}") from problem
        self._as_it_is = {look.name: name for name, look in looks.items() if look.name != name}
        return [*looks.values()]


def _as_text(name: str) -> str:
    """Return a file's name as text that can be kept; the system hands over bytes that are no UTF-8 as surrogates."""
    return os.fsencode(name).decode(errors="backslashreplace")
