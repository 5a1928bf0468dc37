"""Reach the stack that a command is about, or refuse in one line."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.errors import Busy, Conflict, NotNoted
from chalicelib.wiring import Aws
from tenfour.common.reach import UNREACHABLE, reach, which_agency
from tenfour.common.terminal import refuse

T = TypeVar("T")


def reached_stack(stack: Path | None) -> Aws:
    """Return the stack that is meant, or refuse."""
    return asked(lambda: reach(stack))


def reached_agency(stack: Path | None, agency: str | None) -> tuple[Aws, Agency]:
    """Return the stack and the agency as it is published, or refuse."""
    aws = reached_stack(stack)
    return aws, asked(lambda: which_agency(aws, stack, agency))


def reached(stack: Path | None, agency: str | None) -> tuple[Aws, str]:
    """Return the stack and the name of the agency that is meant, or refuse."""
    aws, ours = reached_agency(stack, agency)
    return aws, ours.agency_id


def asked(ask: Callable[[], T], *refusals: type[Exception]) -> T:
    """Return the answer of a stack, or refuse: it is out of reach, others write at the same moment, or a refusal."""
    try:
        return ask()
    except (*refusals, *UNREACHABLE) as problem:
        refuse(problem)
    except NotNoted as problem:
        refuse(f"nothing is done, because the ledger does not take it: {problem}")
    except (Conflict, Busy):
        refuse("somebody else wrote at the same moment; look at what is there, and try again")
