"""Show the updates that a mapping makes of a sample, on a terminal of 80 columns."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from chalicelib.inbound.mapping.file import FLAT
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.insight.mapping.check import Checked, FieldLine, Outcome
from tenfour.common.screen import Screen

MOST_SHOWN = 3
MOST_IGNORED = 40
LONGEST_SOURCE = 44
"""Two lines of its column."""


def show(console: Screen, mapper: Mapper, sample: Path, checked: Checked) -> None:
    """Print the first updates field by field, then all that is wrong, missing and ignored."""
    kind = mapper.mapping.format if mapper.mapping.format in FLAT else mapper.mapping.format.upper()
    says = "snapshots" if mapper.mapping.snapshots else "events"
    console.print(f"{sample}: {kind}, {says}; {_count(checked)}")
    for outcome in [each for each in checked.outcomes if each.lines][:MOST_SHOWN]:
        _show_one(console, outcome, mapper)
    if len(checked.outcomes) > MOST_SHOWN:
        console.print(f"\nand {len(checked.outcomes) - MOST_SHOWN:,} more updates")
    wrong = [outcome for outcome in checked.outcomes if outcome.error]
    if wrong:
        console.print(f"\n{len(wrong):,} would be rejected", style="bold red")
        for outcome in wrong[:MOST_SHOWN]:
            console.print(f"  {outcome.incident_number}: {outcome.error}")
    _show_doubtful(console, checked)
    _show_lost(console, checked)
    if checked.good and not checked.outcomes:
        console.print("\nNothing to take: all is passed over, as the mapping says.", style="bold green")
    elif checked.good:
        console.print("\nEvery update would be taken.", style="bold green")
    elif not checked.outcomes:
        console.print("\nNot ready: nothing comes out of it, so the webhook would refuse it.", style="bold red")
    else:
        console.print("\nNot ready: look at the lines in red.", style="bold red")


def _show_doubtful(console: Screen, checked: Checked) -> None:
    """Print what nobody could judge, what could be lost or refused, and names that would change."""
    for field, values in checked.free_text.items():
        console.print(
            Text.assemble(
                (f"\n{field} holds free text", "bold red"),
                f": {values:,} different values. Nobody can judge it by a list, so each call with it stays silent. ",
                "Leave the field out of the mapping.",
            )
        )
    for loss in checked.losses:
        console.print(Text.assemble(("\na word about the nature could be lost", "bold red"), f": {loss}"))
    for word in checked.not_allowed:
        console.print(Text.assemble(("\na word that the field does not take", "bold red"), f": {word}"))
    for name in checked.changing_names:
        console.print(Text.assemble(("\na name that would change", "bold yellow"), f": {name}"))


def _show_lost(console: Screen, checked: Checked) -> None:
    for field, texts in checked.zero_dates.items():
        console.print(
            Text.assemble(
                (f"\n{field} has dates that stand for none", "bold"),
                f": {', '.join(texts)}. They are read as nothing. Write them into `blank` to say so.",
            )
        )
    if checked.missing and checked.outcomes:
        console.print(Text.assemble(("\nmissing", "bold"), ": nothing in the whole sample says"))
        console.print(f"  {', '.join(checked.missing)}")
    if checked.ignored:
        console.print(Text.assemble(("\nignored", "bold"), ": in the sample, never sent"))
        for path, times in list(checked.ignored.items())[:MOST_IGNORED]:
            console.print(f"  {path}{f'  ({times:,} times)' if times > 1 else ''}", overflow="fold")
        if len(checked.ignored) > MOST_IGNORED:
            console.print(f"  and {len(checked.ignored) - MOST_IGNORED:,} more places")


def _count(checked: Checked) -> str:
    records, updates = checked.records, len(checked.outcomes)
    passed_over = f", {checked.passed_over:,} passed over" if checked.passed_over else ""
    return f"{records:,} record{'s' * (records != 1)}, {updates:,} update{'s' * (updates != 1)}{passed_over}"


def _show_one(console: Screen, outcome: Outcome, mapper: Mapper) -> None:
    table = Table(title=f"\n{outcome.incident_number}", title_justify="left", expand=False, box=None, pad_edge=False)
    table.add_column("field", no_wrap=True)
    table.add_column("from", max_width=26, overflow="fold")
    table.add_column("what comes out", max_width=30, overflow="fold")
    for line in outcome.lines:
        table.add_row(line.field, _short(line.source), _out(line, mapper))
    console.print(table)


def _short(source: str) -> str:
    return source if len(source) <= LONGEST_SOURCE else source[: LONGEST_SOURCE - 1] + "…"


def _out(line: FieldLine, mapper: Mapper) -> Text:
    if line.problem:
        return Text(line.problem, style="red")
    if line.value in (None, [], ""):
        return Text(f"nothing{' (takes it back)' if mapper.mapping.snapshots else ''}", style="dim")
    return Text(_written(line.value, mapper))


def _written(value: Any, mapper: Mapper) -> str:
    if isinstance(value, datetime):
        zone = mapper.mapping.time_zone
        return (value.astimezone(ZoneInfo(zone)) if zone else value).isoformat(" ", "seconds")
    if isinstance(value, dict):
        return " ".join(f"{name}={_written(item, mapper)}" for name, item in value.items() if item not in (None, []))
    if isinstance(value, list):
        return (
            "\n".join(_written(item, mapper) for item in value)
            if value and isinstance(value[0], dict)
            else ", ".join(value)
        )
    return str(value)
