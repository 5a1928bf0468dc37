"""Common to `tenfour hold`, `records` and `person`: each says who asks and why, and that is kept for good."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.domain.approval import Unidentified
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.approval.purging import TooLate
from chalicelib.insight.ledger.purge import NothingToPurge
from chalicelib.insight.records.hold import NotHeld
from chalicelib.insight.records.person import TooSoon, UnderHold
from chalicelib.insight.records.subject import Person, Unclear, find_person
from chalicelib.wiring import Aws
from tenfour.common import reached
from tenfour.common.terminal import refuse

LONGEST_REASON = 200
T = TypeVar("T")


def _said(text: str | None) -> str | None:
    """Return the reason that somebody gave; it is never blank."""
    if text is None:
        return None
    if not text.strip() or len(text) > LONGEST_REASON:
        raise typer.BadParameter(f"expected 1 to {LONGEST_REASON} characters; it is kept")
    return text.strip()


WHY = "Why: the request's or the court's own number; it is kept."
OptionalReason = Annotated[str | None, typer.Option(help=WHY, callback=_said)]
Reason = Annotated[str, typer.Option(help=WHY, callback=_said)]
Out = Annotated[Path, typer.Option(help="The file to write; only you may read it.")]


def found_person(aws: Aws, agency: Agency, address: str) -> Person:
    """Return the person of an address, or refuse."""
    found = find_person(aws, agency, address)
    if found is None:
        refuse("ADDRESS: neither a phone that can be texted nor an email")
    return found


def asked(ask: Callable[[], T]) -> T:
    """Return the answer of a stack, or refuse."""
    return reached.asked(ask, NoLedger, NotHeld, TooSoon, UnderHold, Unclear, Unidentified, NothingToPurge, TooLate)


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else on this machine may read."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
    except OSError as problem:
        refuse(problem)
