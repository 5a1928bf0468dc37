"""Again, when somebody else wrote first."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.ports.errors import Busy, Conflict
from chalicelib.ports.world import Ports

T = TypeVar("T")


def until_settled(act: Callable[[], T], ports: Ports, tries: int = 10) -> T:
    """Act until no Conflict comes in between; Busy where that does not end. What is read must be read in the act."""
    for attempt in range(tries):
        try:
            return act()
        except Conflict:
            ports.back_off(attempt)
    raise Busy
