"""`tenfour settings diff`: its calls, its progress, and the differences on a terminal."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from msgspec.structs import replace
from rich.table import Table
from rich.text import Text

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.calls import calls_heard, calls_of_extract
from chalicelib.insight.settings.diff import CHANGES, Comparison, Difference, Fate, diff
from chalicelib.virtual.clock import Told
from chalicelib.wiring import Aws, now
from tenfour.common.screen import Screen, warn
from tenfour.common.terminal import progress

EXAMPLES = 3


def told(aws: Aws | None, agency_id: str | None, file: Path | None, columns: Path | None, agency: Agency) -> list[Told]:
    """Return the calls to compare on: an extract's, or those that the stack has heard."""
    if file and columns:
        return calls_of_extract(file, columns, agency)
    return calls_heard(aws, agency_id, now(), warn) if aws and agency_id else []


def compare(old: Agency, new: Agency, told: Sequence[Told], console: Screen) -> Comparison:
    """Compare, with a progress bar."""
    with progress(console) as bar:
        task = bar.add_task("Through both settings", total=2 * len(told))
        return diff(old, new, told, lambda: bar.advance(task))


def show(comparison: Comparison, agency: Agency, console: Screen) -> None:
    """Print what appears, vanishes and changes, by type and kind, with examples of each."""
    _show_settings(comparison, console)
    console.print(
        f"{comparison.incidents:,} incidents: {comparison.sent_before:,} messages before, "
        f"{comparison.sent_after:,} after, whether live or in shadow"
    )
    counts = comparison.counts()
    if not counts:
        rules = "The changed settings show on none of these calls." if comparison.settings else "Nothing is different."
        console.print(rules)
        return
    table = Table("type", "notification", *CHANGES)
    for column in table.columns[2:]:
        column.justify = "right"
    for incident_type, kind in sorted({(found, kind) for found, kind, _ in counts}):
        table.add_row(incident_type, kind, *(f"{counts[incident_type, kind, change]:,}" for change in CHANGES))
    console.print(table)
    for change in CHANGES:
        for item in islice(comparison.examples(change), EXAMPLES):
            _show_example(item, agency, console)


def _show_settings(comparison: Comparison, console: Screen) -> None:
    """Print each setting that changed, and what that ends: most show on no past call."""
    for line in comparison.settings:
        console.print(Text(line))
    for line in comparison.ends:
        console.print(Text(f"! this ends: {line}", style="yellow"))
    console.print("" if comparison.settings else "No setting changed.")


def _show_example(item: Difference, agency: Agency, console: Screen) -> None:
    console.print(f"\n{item.key.kind.value} of {item.called} ({item.incident_type}) {item.change}", markup=False)
    console.print(f"  before: {_told(item.before, agency)}")
    same_words = item.after.body == item.before.body
    after = replace(item.after, body="the same words") if item.after.at and same_words else item.after
    console.print(f"  after:  {_told(after, agency)}")


def _told(fate: Fate, agency: Agency) -> str:
    if fate.at is None:
        return f"not sent: {fate.reason or 'not planned'}"
    return f"{fate.at.astimezone(agency.zone):%a %H:%M:%S} {fate.channel}: {fate.body}"
