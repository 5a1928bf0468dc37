"""Conflicts: read and decide again after another process wrote first."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from chalicelib.ports.errors import Busy, Conflict
from chalicelib.ports.world import Ports

P = ParamSpec("P")
T = TypeVar("T")


def again_on_conflict(tries: int = 10) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Call a function again after each Conflict, and raise Busy after so many tries.

    The function must read its data itself: a second call with the data of the first would meet the same conflict
    again. Between tries it waits by its argument `ports`.
    """

    def decorate(act: Callable[P, T]) -> Callable[P, T]:
        names = act.__code__.co_varnames[: act.__code__.co_argcount]
        if "ports" not in names:
            raise TypeError(f"{act.__qualname__} has no argument `ports`")
        place = names.index("ports")

        @wraps(act)
        def again(*args: P.args, **kwargs: P.kwargs) -> T:
            ports = cast("Ports", kwargs["ports"] if "ports" in kwargs else args[place])
            for attempt in range(tries):
                try:
                    return act(*args, **kwargs)
                except Conflict:
                    ports.back_off(attempt)
            raise Busy

        return again

    return decorate
