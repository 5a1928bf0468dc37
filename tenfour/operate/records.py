"""`tenfour hold`, `tenfour records …` and `tenfour person …`: each says who asks and why, and that is kept for good."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast, get_args

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records import on_request
from chalicelib.insight.records.hold import NotHeld
from chalicelib.insight.records.person import TooSoon, UnderHold
from chalicelib.insight.records.request import Request
from chalicelib.insight.records.subject import Person, Unclear, find, find_person
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reach import UNREACHABLE
from tenfour.common.terminal import refuse
from tenfour.settings.deployed import reached_agency

records = typer.Typer(no_args_is_help=True, help="Public-records requests, and who asked for what.")
person = typer.Typer(no_args_is_help=True, help="Show or erase all that is kept of one person.")
console = Console(highlight=False)
LONGEST_REASON = 200


def _said(text: str | None) -> str | None:
    """Return an author or a reason as it is kept; neither is ever blank."""
    if text is None:
        return None
    if not text.strip() or len(text) > LONGEST_REASON:
        raise typer.BadParameter(f"expected 1 to {LONGEST_REASON} characters; it is kept")
    return text.strip()


Author = Annotated[
    str, typer.Option(help="Who does it.", default_factory=getpass.getuser, show_default="you", callback=_said)
]
WHY = "Why: the request's or the court's own number; it is kept."
Reason = Annotated[str, typer.Option(help=WHY, callback=_said)]
Out = Annotated[Path, typer.Option(help="The file to write; only you may read it.")]
Address = Annotated[str, typer.Argument(help="A phone, or an email.")]

Only = Literal["", "incident", "person"]
T = TypeVar("T")


def hold(
    author: Author,
    target: Annotated[str | None, typer.Argument(help="An incident's number, a phone or an email.")] = None,
    reason: Annotated[str | None, typer.Option(help=WHY, callback=_said)] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all that is held, and change nothing.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Let it expire again.")] = False,
    only: Annotated[str, typer.Option("--as", help="incident or person, where a number could be either.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Keep all that is known of an incident or a person, whatever the retention says, until it is lifted."""
    aws, ours = reached_agency(stack, agency)
    if listed:
        _show_holds(aws, ours)
        return
    if target is None or reason is None:
        refuse("hold: say whom or what, and --reason; or --list")
    if only not in get_args(Only):
        refuse("--as: expected incident or person")
    found = _asked(lambda: find(aws, ours, target, cast("Only", only)))
    request = Request(at=now(), author=author, reason=reason)
    count = _asked(lambda: (on_request.lift if lift else on_request.hold)(aws, ours, found, request))
    verb, about = "lifted" if lift else "held", on_request.about(found)
    if isinstance(found, IncidentKey):
        print(f"{verb}: {about}")
        return
    print(f"{verb}: {about}, on {count} incident{'' if count == 1 else 's'}")
    if not lift:
        print("Every function knows within a minute; hold it again then to catch what came in between.")


def _show_holds(aws: Aws, agency: Agency) -> None:
    """Print the holds: incidents by their numbers, persons by the hash that `records audit` has too."""
    table = Table("what", "since", "who", "why")
    for held in _asked(lambda: on_request.holds(aws, agency.agency_id)):
        since = f"{held.hold.at.astimezone(agency.zone):%Y-%m-%d %H:%M}"
        table.add_row(*map(escape, (held.what, since, held.hold.author, held.hold.reason)))
    console.print(table if table.row_count else "nothing is held")


@records.command("export")
def export_records(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    reason: Reason,
    author: Author,
    out: Out,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Write an incident's story for a public-records request: redacted, with each text as it was sent."""
    from tenfour.operate.records_show import page

    aws, ours = reached_agency(stack, agency)
    request = Request(at=now(), author=author, reason=reason)
    record = _asked(lambda: on_request.export_incident(aws, ours, incident, request))
    _write(out, _json(record) if as_json else page(record, ours.zone))
    print(f"{out}: {incident}, without phones, emails and comments; read it before it leaves the house")


@records.command()
def audit(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List who held, exported or erased what, and why, newest first."""
    aws, ours = reached_agency(stack, agency)
    found = _asked(lambda: on_request.audits(aws, ours.agency_id))
    if as_json:
        sys.stdout.write(_json(found))
        return
    table = Table("when", "who", "did", "about", "why")
    for item in found:
        at = f"{item.at.astimezone(ours.zone):%Y-%m-%d %H:%M}"
        table.add_row(at, *map(escape, (item.author, item.what, item.about, item.reason)))
    console.print(table if found else "nothing was held, exported or erased")


@person.command("export")
def export_one(
    address: Address, reason: Reason, author: Author, out: Out, stack: Stack = None, agency: AgencyId = None
) -> None:
    """Write all that is kept of a person, for them: JSON, with each text as it was sent."""
    aws, ours = reached_agency(stack, agency)
    found = _person(aws, ours, address)
    told = _asked(lambda: on_request.export(aws, found, Request(at=now(), author=author, reason=reason)))
    _write(out, _json(told))
    print(f"{out}: {found.about}, {len(told['incidents'])} incidents; it holds their address: hand it to nobody else")


@person.command()
def erase(
    address: Address,
    reason: Reason,
    author: Author,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Erase a person's address, replies and answers; that they are not to be written to stays."""
    aws, ours = reached_agency(stack, agency)
    found = _person(aws, ours, address)
    if not (yes or typer.confirm(f"Erase {found.about}, for good?")):
        raise typer.Exit(1)
    gone = _asked(lambda: on_request.erase(aws, found, Request(at=now(), author=author, reason=reason)))
    print(f"erased: {found.about}: " + ", ".join(f"{count} {what}" for what, count in gone.items()))
    print("Anything that dispatch sends again is kept again. Backups forget within 35 days.")


def _person(aws: Aws, agency: Agency, address: str) -> Person:
    found = find_person(aws, agency, address)
    if found is None:
        refuse("ADDRESS: neither a phone that can be texted nor an email")
    return found


def _asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (NotHeld, TooSoon, UnderHold, Unclear, *UNREACHABLE) as problem:
        refuse(problem)
    except (Conflict, Busy):
        refuse("others are writing at the same moment; try again")


def _json(told: object) -> str:
    return msgspec.json.format(msgspec.json.encode(told), indent=1).decode() + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file that nobody else on this machine may read."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
    except OSError as problem:
        refuse(problem)
