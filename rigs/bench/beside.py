"""Measure a handler beside bare ones that make the same calls: their CPU, and how many functions they call."""

import gc
import sys
from collections import Counter
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from msgspec import Struct

from rigs.bench.tape import Tape

REPEATS = 40


class Measured(Struct, frozen=True):
    """A handler: the CPU of one call in microseconds, that of two bare ones, and the calls that all of them make.

    `bare` has boto3's clients as they come, `bare_on_ours` has the handler's own. `functions` are how many functions
    each of the three calls.
    """

    name: str
    ours: float
    bare: float
    bare_on_ours: float
    calls: Counter[str]
    functions: tuple[int, int, int]


def beside(name: str, act: Callable[[], Any], tape: Tape, rounds: int) -> Measured:
    """Measure an act and two bare ones that make the same calls, in turn: the median of so many rounds."""
    tape.record(act)
    calls = tape.counted()
    gc.disable()

    def ours() -> None:
        tape.play(act)

    # Either bare one comes after ours: after the other it would find botocore's code in the processor's caches.
    spent = [_in_turn(ours, tape.bare, ours, tape.bare_on_ours) for _ in range(rounds)]
    gc.enable()
    first, bare, second, on_ours = map(median, zip(*spent, strict=True))
    functions = (functions_called(ours), functions_called(tape.bare), functions_called(tape.bare_on_ours))
    return Measured(name, (first + second) / 2, bare, on_ours, calls, functions)


def _in_turn(*acts: Callable[[], Any]) -> tuple[float, ...]:
    """Return the CPU of each act, in microseconds, where each call is followed by one of the other.

    The same calls to AWS take a tenth less when nothing but they ran before: then they find the processor's caches as
    they left them, which no invocation of a Lambda does.
    """
    spent = [0.0] * len(acts)
    for _ in range(REPEATS):
        for place, act in enumerate(acts):
            began = process_time()
            act()
            spent[place] += process_time() - began
    return tuple(each / REPEATS * 1e6 for each in spent)


def functions_called(act: Callable[[], Any]) -> int:
    """Return how many functions are called, those in C too: no other work of the machine changes it."""
    calls, before = 0, sys.getprofile()

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls
