"""Commands that are not an agency's: our own rigs, each found by its entry point when somebody types its name.

A rig is declared in `pyproject.toml` under `tenfour.rigs`. Nothing of it is imported before, `tenfour --help` does not
list it, and an installation without `rigs/` has no such command.
"""

from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from typer._click import Command

GROUP = "tenfour.rigs"


class WithRigs(TyperGroup):
    """A group of commands that also knows the rigs by their names."""

    def get_command(self, ctx: typer.Context, cmd_name: str) -> "Command | None":  # type: ignore[override]
        """Return a command of this group, else the rig of that name."""
        return super().get_command(ctx, cmd_name) or _rig(cmd_name)


def rigs() -> dict[str, EntryPoint]:
    """Return the rigs of this installation by the names that are typed."""
    return {point.name: point for point in entry_points(group=GROUP) if find_spec(point.module.partition(".")[0])}


def _rig(name: str) -> "Command | None":
    point = rigs().get(name)
    if point is None:
        return None
    alone = typer.Typer(add_completion=False)
    alone.command(name)(point.load())
    return get_command(alone)
