"""`tenfour survey …`: cards for officers to hand out, and answers that somebody must look at."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.token import token_hash, token_of
from chalicelib.insight.people.caller import anybody
from chalicelib.wiring import now
from tenfour.commands.survey_comments import cli as comments
from tenfour.commands.survey_follow_ups import cli as follow_ups
from tenfour.common.noted import noted
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import asked, reached_agency
from tenfour.common.screen import say
from tenfour.common.terminal import refuse

LONGEST_LABEL = 24

cli = typer.Typer(no_args_is_help=True, help="Print cards, see to follow-ups, and release comments.")
cli.add_typer(follow_ups, name="follow-ups")
cli.add_typer(comments, name="comments")


@cli.callback()
def survey() -> None:
    """Ask people whose phone is not known, and see to what they answer."""


@cli.command()
def card(
    out: Annotated[Path, typer.Option(help="Folder for the card: card.svg, and card.pdf, eight on a sheet to cut.")],
    uses: Annotated[int, typer.Option(min=1, max=10_000, help="How many people can answer by it.")] = 100,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days it is good for.")] = 90,
    label: Annotated[str, typer.Option(help="Name of those who hand it out; it goes with the answers.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Make a card with a square code, for officers to hand out.

    It is for people whose phone is not known.
    """
    from tenfour.operate.survey_card import Printed, write_pdf, write_svg

    if len(label) > LONGEST_LABEL:
        refuse(f"--label: at most {LONGEST_LABEL} characters")
    if out.exists() and not out.is_dir():
        refuse(f"--out {out}: that is no folder")
    aws, ours = reached_agency(stack, agency)
    token, made_at = token_of(aws.chance()), now()
    kept = _card(ours, token, label, uses, made_at, made_at + timedelta(days=days))
    about, by = f"a card for {uses} answers", anybody(aws)
    asked(
        lambda: noted(
            aws, ours.agency_id, What.PUBLISHED, about, by, made_at, lambda: aws.surveys.keep_card(kept)
        )
    )  # fmt: skip
    good_until = ours.day(kept.expires_at) - timedelta(days=1)
    printed = Printed(ours.name, f"{ours.survey.link}/{token}", good_until, ours.text_to_911)
    out.mkdir(parents=True, exist_ok=True)
    write_svg(printed, out / "card.svg")
    write_pdf(printed, out / "card.pdf")
    say(f"{out / 'card.pdf'}  {out / 'card.svg'}: good until {good_until}, for {uses} answers")


def _card(ours: Agency, token: str, label: str, uses: int, made_at: datetime, expires_at: datetime) -> Card:
    return Card(
        token_hash=token_hash(token),
        agency_id=ours.agency_id,
        settings_version=ours.version,
        language=ours.language,
        label=label,
        uses=uses,
        made_at=made_at,
        expires_at=expires_at,
    )
