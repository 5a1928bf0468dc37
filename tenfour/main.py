"""The `tenfour` command: what its help lists, in five groups. Each command is in `commands/`, under its own name."""

from collections.abc import Callable

import typer

from feed.command import cli as feed
from tenfour.commands.approve import approve
from tenfour.commands.certify import certify
from tenfour.commands.contact import cli as contact
from tenfour.commands.deploy import deploy
from tenfour.commands.destroy import destroy
from tenfour.commands.explain import explain
from tenfour.commands.going_live import going_live
from tenfour.commands.hold import hold
from tenfour.commands.keys import cli as keys
from tenfour.commands.lake import cli as lake
from tenfour.commands.mapping import cli as mapping
from tenfour.commands.package import package
from tenfour.commands.person import cli as person
from tenfour.commands.query import query
from tenfour.commands.records import cli as records
from tenfour.commands.replay import replay
from tenfour.commands.report import report
from tenfour.commands.settings import cli as settings
from tenfour.commands.shadow_report import shadow_report
from tenfour.commands.status import status
from tenfour.commands.survey import cli as survey
from tenfour.common.terminal import run_as_program
from tenfour.rigs import WithRigs

GROUPS: dict[str, dict[str, typer.Typer | Callable[..., None]]] = {
    "Set up": {
        "deploy": deploy,
        "package": package,
        "settings": settings,
        "approve": approve,
        "keys": keys,
        "mapping": mapping,
        "feed": feed,
        "certify": certify,
    },
    "Watch": {
        "status": status,
        "explain": explain,
        "shadow-report": shadow_report,
        "going-live": going_live,
        "replay": replay,
    },
    "Answer": {"contact": contact, "survey": survey, "records": records, "person": person, "hold": hold},
    "Report": {"report": report, "query": query, "lake": lake},
    "Leave": {"destroy": destroy},
}

cli = typer.Typer(cls=WithRigs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def main() -> None:
    """Run the command."""
    run_as_program(cli)


@cli.callback()
def tenfour() -> None:
    """Keep people who call the police informed."""


for group, named in GROUPS.items():
    for name, command in named.items():
        if isinstance(command, typer.Typer):
            cli.add_typer(command, name=name, rich_help_panel=group)
        else:
            cli.command(name, rich_help_panel=group)(command)
