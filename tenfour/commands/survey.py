"""`tenfour survey …`: cards for officers to hand out, and answers that somebody must look at."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.ledger.what import What
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.surveys.cards import LONGEST_LABEL, MOST_DAYS, MOST_USES, about, new_card
from chalicelib.wiring import now
from tenfour.commands.survey_comments import cli as comments
from tenfour.commands.survey_follow_ups import cli as follow_ups
from tenfour.common.noted import noted
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import asked, reached_agency
from tenfour.common.screen import say
from tenfour.common.terminal import refuse

cli = typer.Typer(no_args_is_help=True, help="Print cards, see to follow-ups, and release comments.")
cli.add_typer(follow_ups, name="follow-ups")
cli.add_typer(comments, name="comments")


@cli.callback()
def survey() -> None:
    """Ask people whose phone is not known, and see to what they answer."""


@cli.command()
def card(
    out: Annotated[Path, typer.Option(help="Folder for the card: card.svg, and card.pdf, eight on a sheet to cut.")],
    uses: Annotated[int, typer.Option(min=1, max=MOST_USES, help="How many people can answer by it.")] = 100,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days it is good for.")] = 90,
    label: Annotated[str, typer.Option(help="Name of those who hand it out; it goes with the answers.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Make a card with a square code, for officers to hand out.

    It is for people whose phone is not known.
    """
    from tenfour.operate.survey_card import write_pdf, write_svg

    if len(label) > LONGEST_LABEL:
        refuse(f"--label: at most {LONGEST_LABEL} characters")
    if out.exists() and not out.is_dir():
        refuse(f"--out {out}: that is no folder")
    aws, ours = reached_agency(stack, agency)
    made_at, by = now(), anybody(aws)
    kept, printed = new_card(ours, aws.chance(), label, uses, days, made_at)
    keep = partial(aws.surveys.keep_card, kept)
    asked(lambda: noted(aws, ours.agency_id, What.PUBLISHED, about(uses), by, made_at, keep))
    out.mkdir(parents=True, exist_ok=True)
    write_svg(printed, out / "card.svg")
    write_pdf(printed, out / "card.pdf")
    say(f"{out / 'card.pdf'}  {out / 'card.svg'}: good until {printed.good_until}, for {uses} answers")
