"""`tenfour hold`: keep an incident or a person until the hold is lifted; who asks and why is kept for good."""

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chalicelib.domain.incidents.legal_hold import OF_INCIDENT, LegalHold
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records.hold import hold_incident, hold_person
from chalicelib.insight.records.subject import Person, find_incident, find_person
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import reached_agency
from tenfour.common.terminal import refuse
from tenfour.operate.records import Author, OptionalReason, asked, audited


def hold(
    author: Author,
    target: Annotated[str | None, typer.Argument(help="An incident's number, a phone or an email.")] = None,
    reason: OptionalReason = None,
    listed: Annotated[bool, typer.Option("--list", help="List all that is held, and change nothing.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Let it expire again.")] = False,
    only: Annotated[str, typer.Option("--as", help="incident or person, where a number could be either.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Keep an incident or a person, whatever the retention says.

    The hold lasts until it is lifted.
    """
    if listed:
        _show_holds(*reached_agency(stack, agency))
        return
    if target is None or reason is None:
        refuse("hold: say whom or what, and --reason; or --list")
    aws, ours = reached_agency(stack, agency)
    found = _target(aws, ours, target, only)
    wanted = None if lift else LegalHold(author=author, reason=reason, at=now())
    verb = "lifted" if lift else "held"
    if isinstance(found, IncidentKey):
        asked(lambda: hold_incident(aws, found, wanted, now()))
        audited(aws, ours, author, reason, verb, found.incident_number)
        print(f"{verb}: {found.incident_number}")
        return
    count = asked(lambda: hold_person(aws, found, wanted, now(), lambda _: None))
    audited(aws, ours, author, reason, verb, found.about)
    print(f"{verb}: {found.about}, on {count} incident{'' if count == 1 else 's'}")
    if not lift:
        print("Every function knows within a minute; hold it again then to catch what came in between.")


def _show_holds(aws: Aws, agency: Agency) -> None:
    """Print what is held: incidents by their numbers, persons by the hash that `records audit` has too."""
    table = Table("what", "since", "who", "why")
    for name, held in sorted(asked(lambda: aws.settings.held(agency.agency_id)).items()):
        what = name.removeprefix(OF_INCIDENT) if name.startswith(OF_INCIDENT) else f"person {name[:12]}"
        since = f"{held.at.astimezone(agency.zone):%Y-%m-%d %H:%M}"
        table.add_row(*map(escape, (what, since, held.author, held.reason)))
    Console(highlight=False).print(table if table.row_count else "nothing is held")


def _target(aws: Aws, agency: Agency, text: str, only: str) -> IncidentKey | Person:
    wanted: Literal["", "incident", "person"] = only if only in ("incident", "person") else ""  # type: ignore[assignment]
    if only and not wanted:
        refuse("--as: expected incident or person")
    key = None if wanted == "person" else asked(lambda: find_incident(aws, agency, text))
    someone = None if wanted == "incident" else find_person(aws, agency, text)
    if key and someone:
        refuse(f"{text} is an incident's number and could be a phone: say --as incident or --as person")
    found = key or someone
    if found is None:
        refuse(f"{text!r}: no incident of that number, and neither a phone nor an email")
    return found
