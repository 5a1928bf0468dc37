"""`tenfour contact …`: consent, the texts that people sent back, and a provider's list of opt-outs."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from chalicelib.domain.approval import shown
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Consent
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.people import contact
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.people.contact import NoAddress, TheirsAlone
from chalicelib.wiring import now
from tenfour.commands import contact_protect
from tenfour.common.noted import about_person, noted
from tenfour.common.options import Address, AgencyId, Stack
from tenfour.common.reached import asked, reached, reached_agency
from tenfour.common.screen import Screen, say
from tenfour.common.who import person

cli = typer.Typer(no_args_is_help=True, help="Show and change who may be written to; list their replies.")

cli.add_typer(contact_protect.cli, name="protect")

Reason = Annotated[str, typer.Option(help="Why; it is kept.")]

_HELD = {
    None: "messages",
    OptOutScope.ALL: "nothing",
    OptOutScope.SURVEYS: "no surveys",
    OptOutScope.ADDRESS: "nothing here: it bounced",
}
"""What a choice leaves; a bounce is kept among the choices."""


@cli.command("opt-out")
def opt_out(
    address: Address,
    reason: Reason,
    surveys_only: Annotated[bool, typer.Option("--surveys-only", help="Only surveys stop.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Write to somebody no more, even if nothing was ever sent."""
    aws, ours = reached_agency(stack, agency)
    wanted = OptOutScope.SURVEYS if surveys_only else OptOutScope.ALL
    who, at, about = anybody(aws), now(), about_person(aws, ours, address)
    masked, scope = asked(
        lambda: noted(
            aws, ours.agency_id, What.OPTED_OUT, about, who, at,
            lambda: contact.opt_out(aws, ours, address, wanted, at, reason, who), reason,
        ),
        NoAddress,
    )  # fmt: skip
    say(f"{masked} gets {_HELD[scope]} from now on")


@cli.command("opt-in")
def opt_in(
    address: Address,
    reason: Reason,
    their_words: Annotated[str, typer.Option(help="What they said, where they had stopped us themselves.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Write to somebody again, because they asked for it."""
    aws, ours = reached_agency(stack, agency)
    who, at, about = person(aws), now(), about_person(aws, ours, address)
    masked = asked(
        lambda: noted(
            aws, ours.agency_id, What.OPTED_IN, about, who, at,
            lambda: contact.opt_in(aws, ours, address, at, reason, who, their_words), reason,
        ),
        NoAddress, TheirsAlone,
    )  # fmt: skip
    say(f"{masked} gets messages from now on")


@cli.command()
def show(address: Address, stack: Stack = None, agency: AgencyId = None) -> None:
    """Show whether an address gets messages, and why."""
    aws, ours = reached_agency(stack, agency)
    at, about = now(), about_person(aws, ours, address)
    found = asked(
        lambda: noted(
            aws, ours.agency_id, What.SEARCHED, about, anybody(aws), at, lambda: contact.show(aws, ours, address, at)
        ),
        NoAddress,
    )
    bounced = found.bounced and found.opted_out is not OptOutScope.ALL
    held = _HELD[OptOutScope.ADDRESS if bounced else found.opted_out]
    say(f"{found.address} gets {held}{'; a landline' if found.landline else ''}")
    if found.silenced_until:
        say(f"silenced until {found.silenced_until.astimezone(ours.zone):%Y-%m-%d} by a sensitive incident")
    if found.unsafe:
        say("never written to: somebody said that contact is not safe")
    if found.history:
        _print_table(("when", "from then on", "by", "words"), [_row(word, ours) for word in found.history])


@cli.command()
def replies(
    days: Annotated[int, typer.Option(min=1, help="Of so many days.")] = 7,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """List replies other than STOP, START and HELP, newest first."""
    aws, ours = reached_agency(stack, agency)
    at = now()
    kept = asked(
        lambda: noted(
            aws, ours.agency_id, What.READ_COMMENTS, "replies by text", anybody(aws), at,
            lambda: contact.replies(aws, ours, at - timedelta(days=days)),
        )
    )  # fmt: skip
    if not kept:
        say(f"nobody texted back in {days} days")
        return
    rows = [(f"{text.at.astimezone(ours.zone):%Y-%m-%d %H:%M}", f"•••{text.last_digits}", text.words) for text in kept]
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
    from tenfour.operate.agreement import noted_agreement

    aws, agency_id = reached(stack, agency)
    client = _messaging(stack)
    found, kept = asked(lambda: sides.reconcile(aws, agency_id, client, opt_out_list, now(), dry=True))
    if not dry_run:
        kept = asked(lambda: noted_agreement(aws, agency_id, client, opt_out_list, found))
    for line in (*sides.in_words(found, dry_run), *([sides.not_changed(kept)] if kept else ())):
        say(line)


def _messaging(stack: Path | None) -> Any:
    """Return End User Messaging: this account's, or the simulated carrier of a running city."""
    from tenfour.common.account import account_client
    from tenfour.common.reach import client, read_stack

    name = "pinpoint-sms-voice-v2"
    return client(name, read_stack(stack).carrier) if stack else account_client(name)


def _row(word: Consent, agency: Agency) -> tuple[str, ...]:
    at = f"{word.at.astimezone(agency.zone):%Y-%m-%d %H:%M}" if word.at else ""
    by = word.source.replace("_", " ")
    return at, _HELD[word.opted_out], f"{by}, {shown(word.author)}" if word.author else by, word.words


def _print_table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Screen().print(table)
