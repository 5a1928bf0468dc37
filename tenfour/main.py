"""The `tenfour` command."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from chalicelib.inbound.settings import InvalidSettings
from feed.command import cli as feed_commands
from tenfour.common.errors import CityFailed
from tenfour.common.terminal import ending_well, refuse, run_as_program
from tenfour.figures.lake_command import lake_commands, query
from tenfour.figures.report_command import report
from tenfour.mapping.command import cli as mapping_commands
from tenfour.operate.contact import cli as contact_commands
from tenfour.operate.explain import explain
from tenfour.operate.records import hold
from tenfour.operate.records import person as person_commands
from tenfour.operate.records import records as record_commands
from tenfour.operate.status import status
from tenfour.operate.survey import cli as survey_commands
from tenfour.rehearse.shadow_command import shadow_report
from tenfour.rigs import WithRigs
from tenfour.settings.command import cli as settings_commands
from tenfour.stack.command import deploy, destroy
from tenfour.stack.command import keys as key_commands

cli = typer.Typer(cls=WithRigs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(settings_commands, name="settings")
cli.add_typer(contact_commands, name="contact")
cli.add_typer(feed_commands, name="feed")
cli.add_typer(mapping_commands, name="mapping")
cli.add_typer(key_commands, name="keys")
cli.add_typer(person_commands, name="person")
cli.add_typer(record_commands, name="records")
cli.add_typer(survey_commands, name="survey")
cli.add_typer(lake_commands, name="lake")
console = Console()

SettingsFile = Annotated[Path, typer.Option("--settings", help="The agency's settings.")]
Architecture = Literal["arm64", "x86_64"]
Port = Annotated[
    int, typer.Option(min=0, max=65534, help="Port of the agency's own address; the carriers take the next. 0: any.")
]


def main() -> None:
    """Run the command."""
    run_as_program(cli)


@cli.callback()
def tenfour() -> None:
    """Keep people who call the police informed."""


@cli.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A city's call-for-service extract, CSV.")],
    columns: Annotated[Path, typer.Option(help="The map of its columns, TOML.")],
    live: Annotated[Path | None, typer.Option(help="A running city's stack.json: post to it, on a real clock.")] = None,
    speed: Annotated[float, typer.Option(min=1, max=60, help="With --live: how many times as fast.")] = 60,
    minutes: Annotated[float, typer.Option(min=0.1, help="With --live: how long calls keep coming in.")] = 2,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many incidents.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write one JSON line an incident to this file.")] = None,
) -> None:
    """Replay a city's past calls: which texts would have gone, and why the others not."""
    from chalicelib.virtual.extract import InvalidMap
    from tenfour.common.reach import NoStack
    from tenfour.rehearse import replay_command as command

    try:
        with ending_well():
            good = command.replay(file, columns, live, speed, timedelta(minutes=minutes), limit, json, console)
    except (InvalidMap, InvalidSettings, NoStack, OSError) as problem:
        refuse(problem)
    raise typer.Exit(0 if good else 1)


@cli.command()
def package(
    out: Annotated[Path | None, typer.Option(help="Also copy the package into this folder.")] = None,
    architecture: Annotated[Architecture, typer.Option(help="The processors that functions run on.")] = "arm64",
    twilio: Annotated[bool, typer.Option("--twilio", help="With what is needed to send by Twilio.")] = False,
) -> None:
    """Package the stack: a template and a zip, the same bytes whenever and wherever it is done."""
    import shutil

    from tenfour.stack.package import Build, sizes
    from tenfour.stack.package import package as make

    try:
        packaged = make(Build(architecture, twilio))
        if out:
            out.mkdir(parents=True, exist_ok=True)
            for path in (packaged.template, packaged.code):
                shutil.copy(path, out)
    except (CityFailed, OSError) as problem:
        refuse(problem)
    size = sizes(packaged)
    told = (f"{name} {stored / 1e6:.1f}" for name, stored in size.parts[:6])
    print(f"{(out or packaged.code.parent) / 'template.json'}\n{(out or packaged.code.parent) / 'code.zip'}")
    print(f"{architecture}: {size.zipped / 1e6:.1f} MB, {size.unpacked / 1e6:.1f} MB unpacked: {', '.join(told)}")


cli.command("shadow-report")(shadow_report)
cli.command()(explain)
cli.command()(deploy)
cli.command()(destroy)
cli.command()(hold)
cli.command()(status)
cli.command()(query)
cli.command()(report)
