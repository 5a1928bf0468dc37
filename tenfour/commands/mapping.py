"""`tenfour mapping …`: try a mapping on a sample, and put it in force."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from chalicelib.domain.approval import shown
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.inbound.mapping.allowed import not_allowed
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.losses import losses
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.payload import is_mapping_name
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.terminal import BAD_INPUT, refuse

cli = typer.Typer(no_args_is_help=True, help="Try a mapping of a vendor's payloads on a sample; publish it.")

File = Annotated[Path, typer.Argument(help="The mapping, TOML.")]


@cli.command()
def check(
    file: File,
    sample: Annotated[Path, typer.Option(help="A payload as the vendor sends it, or rows as CSV.")],
    as_json: AsJson = False,
) -> None:
    """Show what comes out of a sample, what is ignored or missing."""
    from chalicelib.insight.mapping.check import check as look
    from tenfour.mapping.show import show

    mapper = _mapper(file)
    try:
        checked = look(mapper, sample, datetime.now(UTC))
    except (InvalidMapping, OSError) as problem:
        refuse(problem)
    if as_json:
        say_json(checked)
    else:
        show(Screen(), mapper, sample, checked)
    raise typer.Exit(0 if checked.good else BAD_INPUT)


@cli.command()
def publish(
    file: File,
    comment: Annotated[str, typer.Option(help="The reason for this version; it is kept.")],
    name: Annotated[str | None, typer.Option(help="Its name in the address; without it, the file's name.")] = None,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Put a mapping in force within a minute, as a new version."""
    from tenfour.common.noted import noted
    from tenfour.common.reached import asked, reached
    from tenfour.common.who import person

    named = name or file.stem
    if not is_mapping_name(named):
        refuse(f"--name: {named!r}: expected small letters, digits and hyphens, 40 at most")
    mapping = _mapper(file).mapping
    for wrong in (*losses(mapping), *not_allowed(mapping)):
        refuse(f"{file}: {wrong}")
    if "as_of" not in mapping.fields | mapping.parts:
        refuse(f"{file}: fields.as_of: required")
    aws, agency_id = reached(stack, agency)
    text, who = file.read_text(encoding="utf-8"), person(aws)
    at, about = datetime.now(UTC), thing("mapping", named)
    version = asked(
        lambda: noted(
            aws, agency_id, What.PUBLISHED, about, who, at,
            lambda: aws.mappings.publish(agency_id, named, text, who, comment, at),
        )
    )  # fmt: skip
    say(f"{agency_id}: mapping {named}, version {version}; in force within 60 seconds")
    say(f"post payloads to /cad/{agency_id}/updates?mapping={named}")


@cli.command("list")
def list_(stack: Stack = None, agency: AgencyId = None) -> None:
    """List the mappings that are in force."""
    from tenfour.common.reached import reached

    aws, agency_id = reached(stack, agency)
    table = Table("mapping", "version", "published", "by", "comment")
    for item in aws.mappings.published(agency_id):
        table.add_row(item.name, str(item.version), f"{item.at:%Y-%m-%d %H:%M}", shown(item.author), item.comment)
    Screen().print(table)


def _mapper(file: Path) -> Mapper:
    from chalicelib.insight.mapping.check import load_mapping

    try:
        return load_mapping(file)
    except (InvalidMapping, OSError) as problem:
        refuse(problem)
