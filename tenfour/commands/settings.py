"""`tenfour settings …`: look at a file before anybody else does, and at how two of them differ."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.incidents.incident import Incident
from chalicelib.insight.settings.calls import IN_FORCE
from tenfour.commands.settings_judge import judge
from tenfour.commands.settings_pause import pause, resume
from tenfour.commands.settings_publish import history, publish, restore, rollback
from tenfour.commands.settings_release import release
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reached import asked, reached
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.settings_file import settings_in
from tenfour.common.terminal import BAD_INPUT, refuse

cli = typer.Typer(no_args_is_help=True, help="Check, preview, compare and publish settings; pause; release.")

File = Annotated[Path, typer.Argument(help="The agency's settings, TOML.")]


@cli.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="The agency's settings, TOML; else agency.toml of the scenarios.")
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option(help="Also try these made-up calls, a folder of TOML files.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with a settings file, and what may not be meant."""
    from chalicelib.insight.settings.check import check as look

    file = file or (scenarios / "agency.toml" if scenarios else None)
    if file is None:
        refuse("FILE is missing; or say --scenarios")
    try:
        checked = look(file, scenarios)
    except OSError as problem:
        refuse(problem)
    if as_json:
        say_json(checked.for_programs())
    else:
        say(checked)
    raise typer.Exit(BAD_INPUT if checked.errors else 0)


@cli.command()
def preview(
    file: File,
    incident_number: Annotated[str | None, typer.Option(help="A real incident's number.")] = None,
    case_number: Annotated[str | None, typer.Option(help="A real case's number.")] = None,
    of: Annotated[str | None, typer.Option("--of", help="An incident of the stack, with its real numbers.")] = None,
    stack: Stack = None,
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file instead.")] = None,
) -> None:
    """Show every text and email in every language, and what it costs."""
    from chalicelib.insight.settings import preview as look
    from chalicelib.insight.settings.preview_html import page
    from tenfour.settings.preview_show import show

    agency = settings_in(file)
    if of:
        incident_number, case_number = look.numbers_of(_incident(of, agency.agency_id, stack), case_number)
    previewed = look.preview(agency, look.samples(agency, incident_number, case_number))
    if html:
        _write(html, page(agency, previewed))
    elif as_json:
        say_json(look.as_json(previewed))
    else:
        show(agency, previewed, Screen())


@cli.command()
def diff(
    old: Annotated[str, typer.Argument(help="Settings to compare with: a file, or a published version's number.")],
    new: Annotated[
        str | None,
        typer.Argument(help="The settings to come; without it OLD is, and the settings in force are the old."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--from", help="A city's extract, CSV; with --columns.")] = None,
    columns: Annotated[Path | None, typer.Option(help="The map of the extract's columns, TOML.")] = None,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Show which messages would appear, vanish or change.

    Both settings play the past calls of an extract, or those of the stack.
    """
    from chalicelib.insight.settings.calls import NoVersion, side
    from chalicelib.insight.settings.diff import as_json as for_programs
    from tenfour.settings import diff_show

    console = Screen(errors=as_json)
    try:
        if bool(file) != bool(columns):
            refuse("--from and --columns go together: a file, and the map of its columns")
        aws, agency_id = (None, None) if file else reached(stack, agency)
        before = side(old if new else IN_FORCE, aws, agency_id)
        after = side(new or old, aws, agency_id)
        told = diff_show.told(aws, agency_id, file, columns, after)
        found = diff_show.compare(before, after, told, console)
    except (OSError, ValueError, NoVersion) as problem:
        refuse(problem)
    if as_json:
        say_json(for_programs(found))
    else:
        diff_show.show(found, after, console)


def _incident(number: str, agency_id: str, stack: Path | None) -> Incident:
    from chalicelib.insight.records.subject import bearing_name
    from tenfour.operate.looks import noted_story

    aws, agency_id = reached(stack, agency_id)
    agency = aws.settings.agency(agency_id)
    if agency is None:
        refuse(f"{agency_id} has no published settings")
    look = partial(bearing_name, aws, agency, number)
    found = asked(lambda: noted_story(aws, agency_id, number, None, look))
    if not found:
        refuse(f"{agency_id} has no incident {number}")
    return found[0].incident


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        refuse(problem)


for command in (judge, publish, history, rollback, restore, pause, resume, release):
    cli.command()(command)
