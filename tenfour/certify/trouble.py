"""Failures on purpose: which, and at which request."""

import re
from collections.abc import Iterable
from threading import Lock
from typing import get_args

from msgspec import Struct

from chalicelib.insight.certify.post import Trouble

KINDS: tuple[Trouble, ...] = get_args(Trouble)
_GIVEN = re.compile(r"(\w+)(?:@([1-9]\d{0,4}))?")
_EVERY = 2
TIMES: dict[Trouble, int] = {"503": 2, "429": 1, "lost": 1, "slow": 1}
"""How many tries of one request each trouble meets."""


class Planned(Struct, frozen=True):
    """A trouble, and which new request of updates it meets."""

    kind: Trouble
    at: int


def read_troubles(text: str) -> tuple[Planned, ...]:
    """Read `503,lost@7` or `all`: without a place, every second request meets one; ValueError."""
    words = KINDS if text == "all" else [word.strip() for word in text.split(",") if word.strip()]
    planned = []
    for position, word in enumerate(words, 1):
        given = _GIVEN.fullmatch(word)
        kind = next((kind for kind in KINDS if given and kind == given[1]), None)
        if kind is None or given is None:
            raise ValueError(f"{word!r}: expected all, or some of {', '.join(KINDS)}, each perhaps with @ and a number")
        planned.append(Planned(kind, int(given[2]) if given[2] else position * _EVERY))
    return tuple(planned)


class Troubles:
    """The troubles that are still to come. Requests are met one by one, whichever thread they come in."""

    def __init__(self, planned: Iterable[Planned] = ()) -> None:
        self._planned = {each.at: each.kind for each in planned}
        self._next: list[Trouble] = []
        self._met: dict[str, tuple[Trouble, int]] = {}
        self._seen: set[str] = set()
        self._lock = Lock()

    def ask(self, kind: Trouble) -> None:
        """Let the next new request of updates meet a trouble."""
        with self._lock:
            self._next.append(kind)

    def meet(self, name: str) -> Trouble | None:
        """Return the trouble that a request meets, named so that it is known when it comes again; or None."""
        with self._lock:
            if name not in self._seen:
                self._seen.add(name)
                kind = self._next.pop(0) if self._next else self._planned.get(len(self._seen))
                if kind:
                    self._met[name] = kind, TIMES[kind]
            kind, left = self._met.pop(name, (None, 0))
            if kind and left > 1:
                self._met[name] = kind, left - 1
            return kind
