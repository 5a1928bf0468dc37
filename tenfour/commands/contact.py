"""`tenfour contact …`: who may be written to, what people texted back, and a provider's list of opt-outs."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chalicelib.domain.people.consent import Consent, widest
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.phones import clean_email, clean_phone
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.mask import Mask
from chalicelib.wiring import Aws, now
from tenfour.common.options import Address, AgencyId, Author, Stack
from tenfour.common.reached import asked, reached, reached_agency
from tenfour.common.terminal import refuse

cli = typer.Typer(no_args_is_help=True, help="Show and change who may be written to; list their replies.")

Reason = Annotated[str, typer.Option(help="Why; it is kept.")]

_HELD = {
    None: "messages",
    OptOutScope.ALL: "nothing",
    OptOutScope.SURVEYS: "no surveys",
    OptOutScope.ADDRESS: "nothing here: it bounced",
}


@cli.command("opt-out")
def opt_out(
    address: Address,
    reason: Reason,
    author: Author,
    surveys_only: Annotated[bool, typer.Option("--surveys-only", help="Only surveys stop.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Write to somebody no more, even if nothing was ever sent."""
    aws, ours, cleaned = _reached(stack, agency, address)
    wanted = OptOutScope.SURVEYS if surveys_only else OptOutScope.ALL
    known = asked(lambda: aws.contacts.load(ours.agency_id, cleaned, now().astimezone(ours.zone).date()).opted_out)
    scope = widest(known, wanted)
    asked(lambda: aws.contacts.opt_out(ours.agency_id, cleaned, scope, now(), reason, "command", author))
    print(f"{Mask().address(cleaned)} gets {_HELD[scope]} from now on")


@cli.command("opt-in")
def opt_in(address: Address, reason: Reason, author: Author, stack: Stack = None, agency: AgencyId = None) -> None:
    """Write to somebody again, because they asked for it."""
    aws, ours, cleaned = _reached(stack, agency, address)
    asked(lambda: aws.contacts.opt_in(ours.agency_id, cleaned, now(), reason, "command", author))
    print(f"{Mask().address(cleaned)} gets messages from now on")


@cli.command()
def show(address: Address, stack: Stack = None, agency: AgencyId = None) -> None:
    """Show whether an address gets messages, and why."""
    aws, ours, cleaned = _reached(stack, agency, address)
    contact = asked(lambda: aws.contacts.load(ours.agency_id, cleaned, now().astimezone(ours.zone).date()))
    print(f"{Mask().address(cleaned)} gets {_HELD[contact.opted_out]}{'; a landline' if contact.landline else ''}")
    if contact.silenced_until and contact.silenced_until > now():
        print(f"silenced until {contact.silenced_until.astimezone(ours.zone):%Y-%m-%d} by a sensitive incident")
    history = asked(lambda: aws.contacts.history(ours.agency_id, cleaned))
    if history:
        _print_table(("when", "from then on", "by", "words"), [_row(word, ours) for word in history])


@cli.command()
def replies(
    days: Annotated[int, typer.Option(min=1, help="Of so many days.")] = 7,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """List replies other than STOP, START and HELP, newest first."""
    aws, ours = reached_agency(stack, agency)
    since = now() - timedelta(days=days)
    kept = [reply for reply in asked(lambda: list(aws.contacts.replies(ours.agency_id))) if reply.at >= since]
    if not kept:
        print(f"nobody texted back in {days} days")
        return
    rows = [
        (f"{reply.at.astimezone(ours.zone):%Y-%m-%d %H:%M}", f"•••{reply.last_digits}", Mask().text(reply.words))
        for reply in kept
    ]
    _print_table(("when", "from", "words"), rows)


@cli.command()
def reconcile(
    opt_out_list: Annotated[str, typer.Option("--list", help="The opt-out list's name in End User Messaging.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Make our opt-outs and those of End User Messaging agree."""
    from chalicelib.insight.records import reconcile as sides

    aws, agency_id = reached(stack, agency)
    client = _messaging(stack)

    def compared() -> sides.Differences:
        listed, known = list(sides.read_list(client, opt_out_list)), sides.phones(aws, agency_id)
        return sides.compare(listed, known, lambda number: aws.contacts.history(agency_id, number))

    found = asked(compared)
    kept = [] if dry_run else asked(lambda: sides.agree(found, aws, agency_id, client, opt_out_list, now()))
    for line in (*sides.in_words(found, dry_run), *([sides.not_changed(kept)] if kept else ())):
        print(line)


def _messaging(stack: Path | None) -> Any:
    """Return End User Messaging: this account's, or the simulated carrier of a running city."""
    import boto3

    from tenfour.common.reach import client, read_stack

    name = "pinpoint-sms-voice-v2"
    return client(name, read_stack(stack).carrier) if stack else boto3.client(name)


def _reached(stack: Path | None, agency: str | None, address: str) -> tuple[Aws, Agency, str]:
    aws, ours = reached_agency(stack, agency)
    cleaned = clean_email(address) if "@" in address else clean_phone(address, ours.country).number
    if cleaned is None:
        refuse("ADDRESS: neither a phone that can be texted nor an email")
    return aws, ours, cleaned


def _row(word: Consent, agency: Agency) -> tuple[str, ...]:
    at = f"{word.at.astimezone(agency.zone):%Y-%m-%d %H:%M}" if word.at else ""
    by = f"{word.source}, {word.author}" if word.author else word.source
    return at, _HELD[word.opted_out], by.replace("_", " "), Mask().text(word.words)


def _print_table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*map(escape, row))
    Console(highlight=False).print(table)
