"""`tenfour approve`: what waits for a second person, and the second person's word, which does it."""

from datetime import UTC, tzinfo
from typing import Annotated

import typer

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.aws.stores.settings_version import JudgementsLost
from chalicelib.domain.approval import Author, NotApproved, Proposal, Unidentified, across, second_person
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval import ledger
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, AsJson, Stack, Yes
from tenfour.common.reach import which_agency_id
from tenfour.common.reached import asked, reached_stack
from tenfour.common.screen import say, say_json
from tenfour.operate.approval import for_programs, in_words, that_it_broke_off

ACROSS = (
    "It was written at the desk, under another sign-in than yours here. tenfour can't know whether both are of one\n"
    "person: if you are one of those who wrote it, somebody else must approve it."
)


def approve(
    digest: Annotated[str | None, typer.Argument(help="What, as the list names it; without it, list.")] = None,
    address: Annotated[str, typer.Option(help="The phone or email that is to be erased, once more.")] = "",
    yes: Yes = False,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """List what waits for a second person, or do it as that person.

    It says first what the act does and what it ends. AWS says who approves: nobody approves what they proposed.
    """
    aws = reached_stack(stack)
    agency_id = asked(lambda: which_agency_id(aws, stack, agency))
    ours = asked(lambda: aws.settings.agency(agency_id))
    zone = ours.zone if ours else UTC
    if digest is None:
        _show(aws, asked(lambda: ledger.what_waits(aws, agency_id, now()), NoLedger), zone, as_json)
        for each in asked(lambda: ledger.what_broke_off(aws, agency_id, now()), NoLedger):
            say(that_it_broke_off(each, zone), errors=True)
        return
    one = asked(lambda: ledger.find(aws, agency_id, digest, now()), NoLedger, ledger.NotWaiting)
    say(in_words(one, _words(aws, one), zone))
    # Whatever keeps it from being done, such as a legal hold, is said before anybody is asked.
    asked(lambda: second_person(one, aws.caller), Unidentified, NotApproved)
    asked(lambda: second.ready(aws, one, Author(aws.caller), now(), address), Unidentified, ValueError, LookupError)
    if across(one, aws.caller):
        say(ACROSS)
    if not (yes or typer.confirm("Do it?")):
        raise typer.Exit(1)
    say(
        asked(
            lambda: second.approve(aws, one, Author(aws.caller), now(), address), Unidentified, ValueError, LookupError
        )
    )


def _show(aws: Aws, found: tuple[Proposal, ...], zone: tzinfo, as_json: bool) -> None:
    told = [(one, _words(aws, one)) for one in found]
    if as_json:
        say_json([for_programs(*each) for each in told])
    else:
        say("\n".join(in_words(*each, zone) for each in told) or "nothing waits for a second person")


def _words(aws: Aws, proposal: Proposal) -> str:
    return asked(lambda: second.words_of(aws, proposal), NotApproved, JudgementsLost)
