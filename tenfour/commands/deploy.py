"""`tenfour deploy` as it is typed."""

from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from tenfour.common.options import AsJson, Region, Stage, Yes
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse


def deploy(
    stage: Stage = None,
    settings: Annotated[Path | None, typer.Option(help="Publish them if the agency has none yet.")] = None,
    account: Annotated[str | None, typer.Option(help="Refuse any other account than this one.")] = None,
    region: Region = None,
    packaged: Annotated[
        Path | None, typer.Option("--package", help="A folder made by `tenfour package --out`, instead of the sources.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="The agency's own domain, once it leads here.")] = None,
    parameter: Annotated[list[str] | None, typer.Option(help="NAME=VALUE for the stack; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show; change nothing.")] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Deploy a stack of its own, try all of it, delete it, write a page.")
    ] = False,
    page: Annotated[Path, typer.Option(help="Where --rehearse writes its page.")] = Path("rehearsal.md"),
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Check the account, show the changes, deploy, and try it.

    At the end, the command says what goes to whom.
    """
    from chalicelib.insight.settings.check import check
    from chalicelib.insight.settings.files import load_settings
    from tenfour.commands.deploy_rehearse import check_usage, rehearse_and_tell
    from tenfour.common.account import this_stage
    from tenfour.common.errors import CityFailed
    from tenfour.stack import deploy as work
    from tenfour.stack import show
    from tenfour.stack.change import ChangeSet
    from tenfour.stack.package import Build, Package, package
    from tenfour.stack.place import open_place

    if as_json and not (yes or dry_run):
        refuse("--json goes with --yes or --dry-run: nobody could be asked")
    if rehearse:
        stage = check_usage(stage, dry_run, page)
    parameters = dict(_pairs(parameter or []))
    talk_to = Screen(errors=as_json)

    def agree(proposed: ChangeSet) -> bool:
        show.show_changes(talk_to, proposed)
        return not dry_run and (yes or not proposed.changes or typer.confirm("Go ahead?"))

    try:
        agency = load_settings(settings) if settings else None
        place = open_place(stage or this_stage(), region)
        if packaged:
            made = Package(packaged / "template.json", packaged / "code.zip")
        else:
            made = package(Build(twilio=work.send_by_twilio(work.agencies_of(place, agency))))
        wanted = work.Wanted(
            packaged=made,
            agency=agency,
            problems=tuple(f"{error}; {error.hint}" for error in check(settings).of("error")) if settings else (),
            account=account,
            address=address,
            parameters=parameters,
        )
        if rehearse:
            rehearse_and_tell(place, wanted, page, talk_to, yes=yes, as_json=as_json)
        talk = work.Talk(lambda finding: show.show_finding(talk_to, finding), agree, talk_to.print)
        deployed = work.deploy(place, wanted, talk)
    except (CityFailed, ClientError, BotoCoreError, OSError, ValueError) as problem:
        refuse(problem)
    if as_json:
        say_json(deployed)
    elif deployed.address:
        show.show_hand_over(Screen(), deployed)
    raise typer.Exit(1 if deployed.stopped else 0)


def _pairs(given: list[str]) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in given]
    if any(not (name and equals) for name, equals, _ in pairs):
        refuse("--parameter: expected NAME=VALUE")
    return [(name, value) for name, _, value in pairs]
