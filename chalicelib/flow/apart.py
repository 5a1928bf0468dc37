"""Keep troubles apart: what fails for one agency does not keep its neighbours from their turn."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def apart(names: Iterable[str], act: Callable[[str], T]) -> list[T]:
    """Act for each name and return what came of it; ExceptionGroup, once all had their turn, where any failed.

    Each error in the group carries the name that it is about as a note.
    """
    done, problems = list[T](), list[Exception]()
    for name in names:
        try:
            done.append(act(name))
        except Exception as problem:  # noqa: BLE001  the boundary of one agency
            problem.add_note(name)
            problems.append(problem)
    if problems:
        raise ExceptionGroup("failed for some", problems)
    return done
