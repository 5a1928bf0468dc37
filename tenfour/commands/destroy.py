"""`tenfour destroy` as it is typed."""

from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from tenfour.common.options import Region, Stage, Yes
from tenfour.common.screen import Screen
from tenfour.common.terminal import refuse

console = Screen()


def destroy(
    stage: Stage = None,
    region: Region = None,
    delete_data: Annotated[
        str | None, typer.Option("--delete-data", help="The stack's name: delete all data with it, for good.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Take a stack away; its data stays unless it is told to go.

    The data is its tables, files, secrets and the key.
    """
    from tenfour.common.account import this_stage
    from tenfour.common.errors import CityFailed
    from tenfour.stack import destroy as work
    from tenfour.stack.place import open_place
    from tenfour.stack.show import show_kept

    try:
        place = open_place(stage or this_stage(), region)
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
