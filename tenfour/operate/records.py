"""`tenfour hold`, `tenfour records …` and `tenfour person …`: each says who asks and why, and that is kept for good."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chalicelib.aws.stores.records import Audit
from chalicelib.domain.incidents.legal_hold import OF_INCIDENT, LegalHold
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records.hold import NotHeld, hold_incident, hold_person
from chalicelib.insight.records.person import TooSoon, UnderHold, erase_person, export_person
from chalicelib.insight.records.subject import Person, find_incident, find_person
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reach import UNREACHABLE
from tenfour.common.terminal import refuse
from tenfour.settings.deployed import reached_agency

records = typer.Typer(no_args_is_help=True, help="Public-records requests, and who asked for what.")
person = typer.Typer(no_args_is_help=True, help="What is kept of one person, and its end.")
console = Console(highlight=False)
LONGEST_REASON = 200


def _said(text: str | None) -> str | None:
    """Return what somebody said of themselves; who asks, and why, is never blank."""
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
    found = _target(aws, ours, target, only)
    wanted = None if lift else LegalHold(author=author, reason=reason, at=now())
    verb = "lifted" if lift else "held"
    if isinstance(found, IncidentKey):
        _asked(lambda: hold_incident(aws, found, wanted, now()))
        _audited(aws, ours, author, reason, verb, found.incident_number)
        print(f"{verb}: {found.incident_number}")
        return
    count = _asked(lambda: hold_person(aws, found, wanted, now(), lambda _: None))
    _audited(aws, ours, author, reason, verb, found.about)
    print(f"{verb}: {found.about}, on {count} incident{'' if count == 1 else 's'}")
    if not lift:
        print("Every function knows within a minute; hold it again then to catch what came in between.")


def _show_holds(aws: Aws, agency: Agency) -> None:
    """Print what is held: incidents by their numbers, persons by the hash that `records audit` has too."""
    table = Table("what", "since", "who", "why")
    for name, held in sorted(_asked(lambda: aws.settings.held(agency.agency_id)).items()):
        what = name.removeprefix(OF_INCIDENT) if name.startswith(OF_INCIDENT) else f"person {name[:12]}"
        since = f"{held.at.astimezone(agency.zone):%Y-%m-%d %H:%M}"
        table.add_row(*map(escape, (what, since, held.author, held.reason)))
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
    from chalicelib.insight.records.export import Request, write_json, write_text

    aws, ours = reached_agency(stack, agency)
    key = find_incident(aws, ours, incident)
    if key is None:
        refuse(f"{ours.agency_id} has no incident {incident!r}")
    request = Request(at=now(), author=author, reason=reason)
    write = write_json if as_json else write_text
    text = _asked(lambda: write(aws, key, ours, request))
    _audited(aws, ours, author, reason, "exported", key.incident_number)
    _write(out, text)
    print(f"{out}: {key.incident_number}, without phones, emails and comments; read it before it leaves the house")


@records.command()
def audit(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List who held, exported or erased what, and why, newest first."""
    aws, ours = reached_agency(stack, agency)
    found = _asked(lambda: list(aws.records.audits(ours.agency_id)))
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n")
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
    told: dict[str, Any] = _asked(lambda: export_person(aws, found))
    _audited(aws, ours, author, reason, "exported", found.about)
    _write(out, msgspec.json.format(msgspec.json.encode(told), indent=1).decode() + "\n")
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
    _audited(aws, ours, author, reason, "erased", found.about)
    gone = _asked(lambda: erase_person(aws, found, now()))
    print(f"erased: {found.about}: " + ", ".join(f"{count} {what}" for what, count in gone.items()))
    print("What dispatch sends again is kept again; backups forget within 35 days.")


def _target(aws: Aws, agency: Agency, text: str, only: str) -> IncidentKey | Person:
    wanted: Literal["", "incident", "person"] = only if only in ("incident", "person") else ""  # type: ignore[assignment]
    if only and not wanted:
        refuse("--as: expected incident or person")
    key = None if wanted == "person" else _asked(lambda: find_incident(aws, agency, text))
    someone = None if wanted == "incident" else find_person(aws, agency, text)
    if key and someone:
        refuse(f"{text} is an incident's number and could be a phone: say --as incident or --as person")
    found = key or someone
    if found is None:
        refuse(f"{text!r}: no incident of that number, and neither a phone nor an email")
    return found


def _person(aws: Aws, agency: Agency, address: str) -> Person:
    found = find_person(aws, agency, address)
    if found is None:
        refuse("ADDRESS: neither a phone that can be texted nor an email")
    return found


def _audited(aws: Aws, agency: Agency, author: str, reason: str, what: str, about: str) -> None:
    """Write down what is about to be shown or erased, or has been held."""
    noted = Audit(at=now(), author=author, reason=reason, what=what, about=about)
    _asked(lambda: aws.records.note(agency.agency_id, noted))


def _asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (NotHeld, TooSoon, UnderHold, *UNREACHABLE) as problem:
        refuse(problem)
    except (Conflict, Busy):
        refuse("others are writing at the same moment; try again")


def _write(path: Path, text: str) -> None:
    """Write a file that nobody else on this machine may read."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
    except OSError as problem:
        refuse(problem)
