"""`tenfour settings publish`, `history`, `rollback` and `restore`: settings where they are in force."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.domain.approval import Author, Proposal, Unidentified, shown
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.restore import NotRestored
from chalicelib.domain.settings.weaker import weaker
from chalicelib.insight.approval import publishing
from chalicelib.insight.drafts import restore as emergency
from chalicelib.insight.drafts.write import Gone
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.settings.calls import NoVersion, published
from chalicelib.insight.settings.check import check
from chalicelib.insight.settings.written import source_of
from chalicelib.ports.errors import NumberTaken
from chalicelib.wiring import Aws, now
from tenfour.common.noted import note_after
from tenfour.common.options import AgencyId, AsJson, Stack, Yes
from tenfour.common.reach import at_home, read_stack
from tenfour.common.reached import asked, reached, reached_stack
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.terminal import BAD_INPUT, refuse
from tenfour.operate.approval import tell_that_it_waits
from tenfour.operate.scenarios import keep_scenarios

REFUSED = (NumberTaken, NoLedger, Unidentified)


def publish(
    file: Annotated[Path, typer.Argument(help="The agency's settings, TOML.")],
    comment: Annotated[str, typer.Option(help="The reason for this version; it is kept.")],
    scenarios: Annotated[
        Path | None, typer.Option(help="Keep these scenarios with the settings, a folder of TOML files.")
    ] = None,
    stack: Stack = None,
) -> None:
    """Put a file's settings in force within a minute, as a new version.

    Settings that end a protection wait for a second person. Scenarios are kept at once, and those that fail are named.
    """
    try:
        checked = check(file)
    except OSError as problem:
        refuse(problem)
    if checked.agency is None or checked.errors:
        say(checked, errors=True)
        raise typer.Exit(BAD_INPUT)
    settings, aws = checked.agency, reached_stack(stack)
    if stack:  # a local city's survey links lead to itself
        settings = at_home(settings, read_stack(stack))
    source = source_of(file.read_text(encoding="utf-8-sig"), settings)
    done = asked(lambda: publishing.publish(aws, settings, Author(anybody(aws)), comment, now(), source), *REFUSED)
    _tell(aws, done, "in force within 60 seconds")
    if scenarios:  # after: what only narrows waits for nothing
        keep_scenarios(aws, settings, scenarios)


def _tell(aws: Aws, done: Agency | Proposal, also: str) -> None:
    if isinstance(done, Proposal):
        tell_that_it_waits(done)
        return
    say(f"{done.agency_id}: version {done.version}, {done.mode}; {also}")
    about = f"version {done.version} of the settings"
    note_after(aws, done.agency_id, What.PUBLISHED, about, anybody(aws), now())


def history(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List every published version, newest first."""
    aws, agency_id = reached(stack, agency)
    versions = list(aws.settings.history(agency_id))
    if as_json:
        listed = [
            {"version": item.agency.version, "at": item.at.isoformat(), "author": item.author, "comment": item.comment}
            for item in versions
        ]
        say_json(listed)
        return
    table = Table("version", "published", "by", "mode", "comment", title_justify="left")
    for item in versions:
        at = item.at.astimezone(item.agency.zone).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(item.agency.version), at, shown(item.author), item.agency.mode, item.comment)
    Screen().print(table)


def rollback(
    version: Annotated[int, typer.Argument(min=1, help="The version to return to.")],
    comment: Annotated[str, typer.Option(help="Why; it is kept.")],
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Publish an earlier version again, as a new one.

    If that ends a protection, it waits for a second person.
    """
    aws, agency_id = reached(stack, agency)
    done = asked(
        lambda: publishing.rollback(aws, agency_id, version, Author(anybody(aws)), comment, now()), *REFUSED, NoVersion
    )
    _tell(aws, done, f"it is what version {version} was; in force within 60 seconds")


def restore(
    version: Annotated[int, typer.Argument(min=1, help="The version to return to: one that two people approved.")],
    comment: Annotated[str, typer.Option(help="Why, in an emergency; it is kept.")] = "",
    yes: Yes = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Put a version that two people approved in force again, alone and at once.

    Judgements stay those in force. What would go live or let more people in at the desk takes two: use rollback.
    """
    aws, agency_id = reached(stack, agency)
    who, refused = Author(anybody(aws)), (*REFUSED, NotRestored, NoVersion, Gone)
    one = asked(lambda: emergency.restorable(aws, agency_id, version), *refused)
    for line in weaker(asked(lambda: published(aws, agency_id, one.over), NoVersion), one.settings):
        say(f"this ends: {line}")
    if not (yes or typer.confirm(f"Put version {version} in force now?")):
        raise typer.Exit(1)
    done = asked(lambda: emergency.restore(aws, agency_id, version, one.over, who, comment, now()), *refused)
    say(f"{agency_id}: version {done.version}, {done.mode}: what version {version} was; in force within 60 seconds")
    note_after(aws, agency_id, What.PUBLISHED, f"settings version {version} again", who.by, now())
