"""Wait for what will happen, however slow the machine is."""

import time
from collections.abc import Callable

LONGEST = 600.0
"""Seconds: many times what a slow and busy machine needs. It only keeps a broken test from waiting for ever."""


def wait_until(holds: Callable[[], object], every: float = 0.2, longest: float = LONGEST) -> bool:
    """Wait until something holds, and return whether it does in the end.

    `holds` must raise, or hold, when nothing can come any more: a process that has ended is not waited for.
    """
    give_up_at = time.monotonic() + longest
    while time.monotonic() < give_up_at:
        if holds():
            return True
        time.sleep(every)
    return bool(holds())
