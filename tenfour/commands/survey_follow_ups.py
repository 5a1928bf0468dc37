"""`tenfour survey follow-ups …`: answers that somebody must look at, and the note that they have."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from chalicelib.domain.approval import shown
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Call, Desk, FollowUp
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.surveys import follow_ups
from chalicelib.wiring import now
from tenfour.common.noted import note_after, noted
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import asked, reached_agency
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.who import person

cli = typer.Typer(no_args_is_help=True, help="See which answers somebody must look at; note who did.")

OfDesk = Annotated[Desk, typer.Option(help="The list of this desk; standards is for professional standards only.")]


@cli.command("list")
def show(
    desk: OfDesk = Desk.SUPERVISORS,
    everything: Annotated[bool, typer.Option("--all", help="Also those that somebody has seen to.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """List what waits, the one due first on top."""
    aws, ours = reached_agency(stack, agency)
    at, by, about = now(), anybody(aws), f"follow-ups of {desk}"

    def look() -> tuple[FollowUp, ...]:
        return tuple(follow_ups.listed(aws, ours.agency_id, desk, at, everything=everything))

    if desk is Desk.ALERTS:  # somebody may be in danger: this is shown whatever state the ledger is in
        found = asked(look)
        note_after(aws, ours.agency_id, What.READ_COMMENTS, about, by, at)
    else:
        found = asked(lambda: noted(aws, ours.agency_id, What.READ_COMMENTS, about, by, at, look))
    if as_json:
        say_json(found, indent=None)
    elif found:
        Screen().print(_table(found, ours, now()))
    else:
        say(f"nothing waits for {desk}")


@cli.command()
def answer(
    name: Annotated[str, typer.Argument(metavar="ID", help="Which one, as the list has it.")],
    note: Annotated[str, typer.Option(help="The steps that were taken; they are kept.")],
    desk: OfDesk = Desk.SUPERVISORS,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Note that somebody saw to it."""
    aws, ours = reached_agency(stack, agency)
    by, at = person(aws), now()
    asked(lambda: follow_ups.answer(aws, ours.agency_id, desk, name, at, by, note), follow_ups.NothingWaits)
    # It shows nobody anything, and an alert that somebody has seen to must not ring on for want of a ledger.
    note_after(aws, ours.agency_id, What.REVIEWED, thing("follow-up", name), by, at)
    say(f"{name} is seen to")


def _table(found: Iterable[FollowUp], agency: Agency, at: datetime) -> Table:
    """Return a table that says what is late in words, not by colour alone."""
    table = Table("id", "due", "why", "in marks and words")
    for one in found:
        calls = [_call(call, agency) for call in one.calls]
        said = [", ".join(f"{question} {mark}" for question, mark in one.marks.items()), *one.comments, *calls]
        has = f"{shown(one.owner)} has it" if one.owner and not one.answered_at else ""
        seen = f"seen to by {shown(one.answered_by)}: {one.note}" if one.answered_at else has
        cells = (
            one.id,
            _due(one, agency, at),
            "\n".join(filter(None, (one.because.replace("_", " "), one.call(agency.zone)))),
            "\n".join(filter(None, (*said, seen))),
        )
        table.add_row(*cells)
    return table


def _call(call: Call, agency: Agency) -> str:
    """Return a call as dispatch finds it: number, type, beat and time."""
    at = f"{call.received_at.astimezone(agency.zone):%d %b %H:%M}" if call.received_at else ""
    beat = f"beat {call.beat}" if call.beat else ""
    return "call " + ", ".join(filter(None, (call.name(agency.zone), call.incident_type, beat, at)))


def _due(one: FollowUp, agency: Agency, at: datetime) -> str:
    if one.due_at is None or one.answered_at:
        return ""
    due = f"{one.due_at.astimezone(agency.zone):%d %b %H:%M}"
    return f"{due}\nlate" if one.due_at < at else due
