"""`tenfour deploy`, `tenfour destroy` and `tenfour keys` as they are typed."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from chalicelib.auth import Feed
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.terminal import refuse
from tenfour.stack.keys import FRESH_WORDS, KeyRing, KeyTaken

console = Console(highlight=False)
Stage = Annotated[str, typer.Option(help="Which of several stacks in one account; prod is the one.")]
Region = Annotated[str | None, typer.Option(help="The AWS region; else the one of the environment or profile.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Name = Annotated[str, typer.Argument(help="The key's name.")]

keys = typer.Typer(no_args_is_help=True, help="The keys with which vendors post.")


def deploy(
    stage: Stage = "prod",
    settings: Annotated[Path | None, typer.Option(help="Publish them if the agency has none yet.")] = None,
    account: Annotated[str | None, typer.Option(help="Refuse any other account than this one.")] = None,
    region: Region = None,
    packaged: Annotated[
        Path | None, typer.Option("--package", help="A folder made by `tenfour package --out`, instead of the sources.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="The agency's own domain, once it leads here.")] = None,
    parameter: Annotated[list[str] | None, typer.Option(help="NAME=VALUE for the stack; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show; change nothing.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Check the account, show what would change, deploy, try it, and say what goes to whom."""
    from chalicelib.insight.review.files import load_settings
    from tenfour.common.errors import CityFailed
    from tenfour.stack import deploy as work
    from tenfour.stack import show
    from tenfour.stack.change import ChangeSet
    from tenfour.stack.package import Build, Package, package
    from tenfour.stack.place import open_place

    if as_json and not (yes or dry_run):
        refuse("--json goes with --yes or --dry-run: nobody could be asked")
    parameters = dict(_pairs(parameter or []))
    talk_to = Console(highlight=False, stderr=as_json)

    def agree(proposed: ChangeSet) -> bool:
        show.show_changes(talk_to, proposed)
        return not dry_run and (yes or not proposed.changes or typer.confirm("Go ahead?"))

    try:
        agency = load_settings(settings) if settings else None
        place = open_place(stage, region)
        if packaged:
            made = Package(packaged / "template.json", packaged / "code.zip")
        else:
            made = package(Build(twilio=work.send_by_twilio(work.agencies_of(place, agency))))
        wanted = work.Wanted(
            packaged=made,
            agency=agency,
            account=account,
            address=address,
            author=getpass.getuser(),
            parameters=parameters,
        )
        talk = work.Talk(lambda finding: show.show_finding(talk_to, finding), agree, talk_to.print)
        deployed = work.deploy(place, wanted, talk)
    except (CityFailed, ClientError, BotoCoreError, OSError, ValueError) as problem:
        refuse(problem)
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(deployed), indent=1).decode() + "\n")
    elif deployed.address:
        show.show_hand_over(console, deployed)
    raise typer.Exit(1 if deployed.stopped else 0)


def destroy(
    stage: Stage = "prod",
    region: Region = None,
    delete_data: Annotated[
        str | None, typer.Option("--delete-data", help="The stack's name: delete all data with it, for good.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Take a stack away; tables, files, secrets and the key stay unless they are told to go."""
    from tenfour.common.errors import CityFailed
    from tenfour.stack import destroy as work
    from tenfour.stack.place import open_place
    from tenfour.stack.show import show_kept

    try:
        place = open_place(stage, region)
        if delete_data not in (None, place.stack):
            refuse(f"--delete-data: write the stack's name, {place.stack}, to delete all of its data")
        kept = work.keepers(place)
        console.print(f"{place.stack} in {place.account}, {place.region}.")
        show_kept(console, kept, deleted=delete_data is not None)
        if not (yes or typer.confirm("Take it away?")):
            return
        work.destroy(place, console.print)
        if delete_data:
            work.delete_data(place, kept, console.print)
    except (CityFailed, ClientError, BotoCoreError) as problem:
        refuse(problem)


@keys.command("list")
def list_keys(stack: Stack = None) -> None:
    """List the keys, without what is secret of them."""
    table = Table("name", "feed", "agencies", "signs")
    for key in _ring(stack).read():
        table.add_row(key.name, key.feed, ", ".join(key.agencies), "yes" if key.secret else "no: bearer")
    console.print(table)


@keys.command()
def add(
    name: Name,
    feed: Annotated[str, typer.Option(help="cad or rms.")] = "cad",
    bearer: Annotated[bool, typer.Option("--bearer", help="For a system that can't sign.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Make a key beside those that there are; the old one opens until it is removed."""
    from tenfour.settings.deployed import reached

    if feed not in ("cad", "rms"):
        refuse("--feed: expected cad or rms")
    _, agency_id = reached(stack, agency)
    wanted: Feed = "cad" if feed == "cad" else "rms"
    try:
        _ring(stack).add(name, wanted, agency_id, bearer)
    except KeyTaken as problem:
        refuse(problem)
    print(f"{name} opens {feed}/{agency_id} within {FRESH_WORDS}; `tenfour keys show {name}` shows it")


@keys.command()
def show(name: Name, stack: Stack = None) -> None:
    """Print a key, to hand it over."""
    found = next((key for key in _ring(stack).read() if key.name == name), None)
    if found is None:
        refuse(f"there is no key {name!r}; `tenfour keys list` has them")
    print(found.secret or found.bearer)


@keys.command()
def remove(name: Name, stack: Stack = None) -> None:
    """Take a key out, once the vendor signs with the next one."""
    try:
        _ring(stack).remove(name)
    except KeyTaken as problem:
        refuse(problem)
    print(f"{name} opens nothing any more within {FRESH_WORDS}")


def _ring(stack: Path | None) -> KeyRing:
    from tenfour.common.account import account_outputs
    from tenfour.common.reach import UNREACHABLE, client, outputs_of, read_stack

    try:
        if stack:
            city = read_stack(stack)
            return KeyRing(client("secretsmanager", city.aws_endpoint), outputs_of(city)["WebhookKeys"])
        import boto3

        outputs, region = account_outputs()
        return KeyRing(boto3.client("secretsmanager", region_name=region), outputs["WebhookKeys"])
    except UNREACHABLE as problem:
        refuse(problem)


def _pairs(given: list[str]) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in given]
    if any(not (name and equals) for name, equals, _ in pairs):
        refuse("--parameter: expected NAME=VALUE")
    return [(name, value) for name, _, value in pairs]
