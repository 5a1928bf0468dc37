"""`tenfour settings publish`, `history` and `rollback`: settings where they are in force."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chalicelib.aws.stores.settings import NumberTaken
from chalicelib.domain.approval import shown
from chalicelib.domain.settings.weaker import weaker
from chalicelib.insight.settings import in_force
from chalicelib.insight.settings.calls import NoVersion
from chalicelib.insight.settings.check import check
from chalicelib.wiring import now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reach import at_home, read_stack
from tenfour.common.reached import asked, reached, reached_stack
from tenfour.common.terminal import BAD_INPUT, refuse
from tenfour.common.who import person


def publish(
    file: Annotated[Path, typer.Argument(help="The agency's settings, TOML.")],
    comment: Annotated[str, typer.Option(help="The reason for this version; it is kept.")],
    stack: Stack = None,
) -> None:
    """Put a file's settings in force within a minute, as a new version."""
    try:
        checked = check(file)
    except OSError as problem:
        refuse(problem)
    if checked.agency is None or checked.errors:
        print(checked, file=sys.stderr)
        raise typer.Exit(BAD_INPUT)
    settings, aws = checked.agency, reached_stack(stack)
    if stack:  # a local city's survey links lead to itself
        settings = at_home(settings, read_stack(stack))
    author = person(aws)
    ends = weaker(asked(lambda: aws.settings.agency(settings.agency_id)), settings)
    published = asked(lambda: aws.settings.publish(settings, author, comment, now()), NumberTaken)
    for line in ends:
        print(f"this ends: {line}")
    print(f"{published.agency_id}: version {published.version}, {published.mode}; in force within 60 seconds")


def history(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List every published version, newest first."""
    aws, agency_id = reached(stack, agency)
    versions = list(aws.settings.history(agency_id))
    if as_json:
        listed = [
            {"version": item.agency.version, "at": item.at.isoformat(), "author": item.author, "comment": item.comment}
            for item in versions
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    table = Table("version", "published", "by", "mode", "comment", title_justify="left")
    for item in versions:
        at = item.at.astimezone(item.agency.zone).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(item.agency.version), at, shown(item.author), item.agency.mode, item.comment)
    Console(highlight=False).print(table)


def rollback(
    version: Annotated[int, typer.Argument(min=1, help="The version to return to.")],
    comment: Annotated[str, typer.Option(help="Why; it is kept.")],
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Publish an earlier version again, as a new one."""
    aws, agency_id = reached(stack, agency)
    author = person(aws)
    before = asked(lambda: aws.settings.agency(agency_id))
    published = asked(
        lambda: in_force.rollback(aws, agency_id, version, author, comment, now()), NumberTaken, NoVersion
    )
    for line in weaker(before, published):
        print(f"this ends: {line}")
    print(f"{agency_id}: version {published.version} is what version {version} was; in force within 60 seconds")
