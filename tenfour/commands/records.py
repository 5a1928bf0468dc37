"""`tenfour records …`: an incident for a records request, the ledger of who did what, its purge, and the indexes."""

from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Annotated

import typer

from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import by_as_shown
from chalicelib.insight.approval import purging
from chalicelib.insight.ledger import purge as purges
from chalicelib.insight.ledger.line import public
from chalicelib.insight.ledger.read import BEGINNING, Asked, lines, read
from chalicelib.insight.ledger.review import as_csv as review_csv
from chalicelib.insight.ledger.review import review
from chalicelib.insight.ledger.table import as_csv
from chalicelib.insight.records import on_request
from chalicelib.insight.records.request import Request
from chalicelib.wiring import now
from tenfour.common.noted import noted
from tenfour.common.options import AgencyId, AsJson, Stack, Yes
from tenfour.common.reached import reached_agency, reached_stack
from tenfour.common.screen import json_of, say, say_json
from tenfour.common.terminal import refuse
from tenfour.common.who import author, person
from tenfour.operate import ledger as at_terminal
from tenfour.operate.approval import tell_that_it_waits
from tenfour.operate.ledger import By, FirstDay, Kind, LastDay, Most
from tenfour.operate.records import OptionalReason, Out, Reason, asked, write_private

cli = typer.Typer(no_args_is_help=True, help="Export an incident for a records request; list who did what.")

_INCLUDED = timedelta(microseconds=1)


@cli.command("export")
def export(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    reason: Reason,
    out: Out,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Write an incident's story, redacted, for a records request.

    It has each text as it was sent.
    """
    from tenfour.operate.records_show import page

    aws, ours = reached_agency(stack, agency)
    request = Request(at=now(), author=person(aws), reason=reason)
    record = asked(lambda: on_request.export_incident(aws, ours, incident, request))
    write_private(out, f"{json_of(record)}\n" if as_json else page(record, ours.zone))
    say(f"{out}: {incident}, without phones, emails and comments; read it before it leaves the house")


@cli.command()
def audit(
    first: FirstDay = None,
    last: LastDay = None,
    what: Kind = None,
    by: By = "",
    most: Most = 200,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all of it to a file that only you may read.")] = None,
    to_public: Annotated[
        bool, typer.Option("--public", help="Without reasons, and without whom it was about.")
    ] = False,
    by_person: Annotated[
        bool, typer.Option("--review", help="By person: sign-ins, roles, and how often each did what.")
    ] = False,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """List who looked at what and did what, and why, newest first.

    It has acts of the desk and of commands, acts of two people, holds, exports and erasures. A file is noted.
    """
    aws, ours = reached_agency(stack, agency)
    end = at_terminal.end_of(last, ours)
    part = Asked(
        agency_id=ours.agency_id,
        since=at_terminal.first_moment(first, ours) or BEGINNING,
        until=end - _INCLUDED if end else now(),
        what=what or "",
        by=asked(lambda: by_as_shown(by, aws.caller)) if by else "",
    )
    if csv:
        who = person(aws)
        text = asked(
            lambda: noted(
                aws, ours.agency_id, What.EXPORTED_LEDGER, "", who, now(),
                lambda: "".join(
                    review_csv(review(aws, part), ours.zone)
                    if by_person
                    else as_csv(lines(aws, part), ours.zone, to_public=to_public)
                ),
            )
        )  # fmt: skip
        write_private(csv, text)
        say(f"{csv}: {text.count(chr(10)) - 1:,} lines of the ledger")
        return
    if by_person:
        at_terminal.show_people(asked(lambda: review(aws, part)).people, ours.zone)
        return
    page = asked(lambda: read(aws, part, most))
    found = tuple(map(public, page.lines)) if to_public else page.lines
    if as_json:
        say_json(found)
        return
    at_terminal.show(found, ours.zone)
    if page.after:
        say(f"there is more: --most, --to {found[-1].at.astimezone(ours.zone):%Y-%m-%d}, or --csv FILE for all of it")


@cli.command()
def purge(
    first: FirstDay = None,
    last: LastDay = None,
    reason: OptionalReason = None,
    yes: Yes = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Delete looks and acts that are older than `retention.ledger`; with days, by an order of two people.

    An entry stays that says who ordered it, from when to when, and how many were deleted.
    """
    aws, ours = reached_agency(stack, agency)
    if first or last:
        since, before = at_terminal.first_moment(first, ours), at_terminal.end_of(last, ours)
        if since is None or before is None or reason is None:
            refuse("an order has --from, --to and --reason")
        waits = asked(lambda: purging.propose_purge(aws, ours.agency_id, since, before, author(aws), reason, now()))
        tell_that_it_waits(waits)
        return
    who = person(aws)
    due = asked(lambda: purges.what_is_due(aws, ours, now()))
    say(f"{due.count:,} entries of {due.days(ours.zone)} are older than retention.ledger")
    if not (yes or typer.confirm("Delete them for good?")):
        raise typer.Exit(1)
    done = asked(lambda: purges.by_schedule(aws, ours, who, now()))
    say(f"purged: {done.count:,} entries")


@cli.command("index")
def index_again(
    stack: Stack = None,
    check: Annotated[bool, typer.Option("--check", help="Only look, from the beginning, and write nothing.")] = False,
    a_second: Annotated[int, typer.Option(min=1, help="Items read a second.")] = 500,
    most: Annotated[int | None, typer.Option(min=1, help="Stop after so many items; the next run goes on.")] = None,
) -> None:
    """Put calls of an earlier release into the indexes.

    Once after an upgrade, and after a roll-back.
    """
    from chalicelib.insight.records.index import index

    aws, seen, wrong = reached_stack(stack), 0, 0
    steps = asked(lambda: index(aws, now(), check=check))
    while step := asked(lambda: next(steps, None)):
        seen, wrong = seen + step.seen, wrong + step.wrong
        if step.done:
            break
        if most is not None and seen >= most:
            say(f"{seen} items read, {_in_words(wrong, check)}; there is more: run it again to go on")
            return
        sleep(step.seen / a_second)
    say(f"{seen} items read, {_in_words(wrong, check)}; that is all of them")
    if check and wrong:
        raise typer.Exit(1)


def _in_words(wrong: int, check: bool) -> str:
    return f"{wrong} not in place" if check else f"{wrong} put in place"
