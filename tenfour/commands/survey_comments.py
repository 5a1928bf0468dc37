"""`tenfour survey comments …`: comments, read by somebody before the report may quote them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from rich.text import Text

from chalicelib.domain.approval import Proposal
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.surveys.comment_release import State
from chalicelib.insight.approval.quoting import NothingToQuote
from chalicelib.insight.figures.source import LakeSource
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.surveys import comments
from chalicelib.ports.errors import NotNoted
from chalicelib.wiring import now
from tenfour.common.noted import note_after, noted
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.period import period
from tenfour.common.reach import UNREACHABLE
from tenfour.common.reached import asked, reached_agency
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.terminal import refuse
from tenfour.common.who import person
from tenfour.operate.approval import tell_that_it_waits
from tenfour.operate.known_words import lexicon

cli = typer.Typer(no_args_is_help=True, help="Read what people wrote, and let the report quote it.")

First = Annotated[str | None, typer.Option("--from", help="First day of the asking; by default the last 90.")]
Last = Annotated[str | None, typer.Option("--to", help="Last day of the asking; by default today.")]
Ids = Annotated[list[str], typer.Argument(metavar="CODE…", help="Which: the codes of the list, or ids.")]
BlackOut = Annotated[list[str] | None, typer.Option("--black-out", metavar="WORDS", help="Words that nobody may read.")]
Keep = Annotated[
    list[str] | None, typer.Option("--keep", metavar="WORD", help="A proposed word that stays; it takes two people.")
]
Rest = Annotated[bool, typer.Option("--keep-rest", help="All other proposed words stay; it takes two people.")]

T = TypeVar("T")


@cli.command("list")
def show(
    first: First = None,
    last: Last = None,
    released: Annotated[bool, typer.Option("--released", help="Those that the report may quote, instead.")] = False,
    as_json: AsJson = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """List comments that nobody released yet, new or held back."""
    aws, ours = reached_agency(stack, agency)
    days = _days(first, last)
    known = lexicon()
    about, by = "comments in surveys", anybody(aws)
    asked(lambda: noted(aws, ours.agency_id, What.READ_COMMENTS, about, by, now(), lambda: None))
    found = _asked(stack, lambda lake: comments.listed(lake, ours.agency_id, *days, known, released=released))
    if as_json:
        say_json(found, indent=None)
    elif found:
        Screen().print(_table(found))
    else:
        say("nothing is released" if released else "nothing waits to be read")


@cli.command()
def release(
    ids: Ids,
    black_out: BlackOut = None,
    keep: Keep = None,
    rest: Rest = False,
    first: First = None,
    last: Last = None,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Let the report quote comments, without the words that are blacked out.

    Each word that may name a person must be blacked out or kept; to keep one takes two people. A comment that is
    changed has to be read again.
    """
    reading = comments.Reading(tuple(black_out or ()), tuple(keep or ()), rest)
    if len(ids) > 1 and (black_out or rest):
        refuse("CODE: words are blacked out, or the rest is kept, in one comment at a time")
    known = lexicon()

    def act(on: comments.Decided) -> Sequence[Proposal]:
        let = partial(comments.release, on, ids, reading, known)
        return noted(on.aws, on.agency.agency_id, What.RELEASED, _about(ids), on.by, on.at, let, count=len(ids))

    for one in _decide("released", ids, (first, last), stack, agency, act):
        tell_that_it_waits(one)


@cli.command()
def hold(ids: Ids, first: First = None, last: Last = None, stack: Stack = None, agency: AgencyId = None) -> None:
    """Keep comments out of the report, new ones and ones that were released."""

    def act(on: comments.Decided) -> Sequence[Proposal]:
        comments.hold(on, ids)
        about = f"{_about(ids)}, kept out of reports"
        note_after(on.aws, on.agency.agency_id, What.REVIEWED, about, on.by, on.at, len(ids))
        return ()

    _decide("held", ids, (first, last), stack, agency, act)


def _decide(
    state: State,
    ids: list[str],
    days: tuple[str | None, str | None],
    stack: Path | None,
    agency: str | None,
    act: Callable[[comments.Decided], Sequence[Proposal]],
) -> Sequence[Proposal]:
    """Decide on comments, say how many are decided on, and return what waits for a second person."""
    aws, ours = reached_agency(stack, agency)
    asked = _days(*days)
    by = anybody(aws) if state == "held" else person(aws)
    try:
        waits = _asked(stack, lambda lake: act(comments.Decided(aws, lake, ours, asked, now(), by)))
    except NotNoted as problem:
        refuse(f"nothing is released, because the ledger does not take it: {problem}")
    except comments.UnknownComment as problem:
        refuse(f"CODE: {problem}; `list` has them, `list --released` those that were released")
    except (comments.MayName, NothingToQuote) as problem:
        refuse(f"CODE: {problem}")
    if len(waits) < len(ids):
        say(f"{len(ids) - len(waits)} {state}; reports say so within a quarter of an hour")
    return waits


def _about(ids: list[str]) -> str:
    """Return what an entry calls comments: one by its code."""
    return thing("comment", ids[0]) if len(ids) == 1 else "comments in surveys"


def _days(first: str | None, last: str | None) -> tuple[date, date]:
    try:
        return period(first, last, now().date())
    except ValueError as problem:
        refuse(problem)


def _asked(stack: Path | None, ask: Callable[[LakeSource], T]) -> T:
    """Open the lake and ask it; refuse where it can't be reached."""
    from tenfour.figures.source import opened

    try:
        with opened(None, stack) as lake:
            return ask(lake)
    except (OSError, *UNREACHABLE) as problem:
        refuse(problem)


def _table(found: Iterable[comments.Row]) -> Table:
    table = Table("code", "asked", "about", "what was written")
    for row in found:
        held = "held back" if row.get("state") == "held" else ""
        names = f"may name somebody: {', '.join(row['may_name'])}" if row.get("may_name") else ""
        written = "\n".join(filter(None, (row["comment"], names, held)))
        table.add_row(row["code"], row["asked_on"], f"{row['about']}\n{row['language']}", Text(written))
    return table
