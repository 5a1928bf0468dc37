"""`tenfour settings diff`: where the calls come from, and how the difference reads."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.review.diff import Change, Comparison, Difference, Fate, diff
from chalicelib.insight.review.files import load_settings
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.city import Told
from chalicelib.virtual.extract import Case, load_map, read_extract
from chalicelib.wiring import Aws
from tenfour.common.terminal import progress

EXAMPLES = 3
IN_FORCE = "the version in force"
CHANGES: tuple[Change, ...] = ("appears", "vanishes", "changes")


def side(word: str, aws: Aws | None, agency_id: str | None) -> Agency:
    """Return settings named by a file or by a published version's number, or those in force; ValueError, OSError."""
    if word != IN_FORCE and not word.isdigit():
        return load_settings(Path(word))
    if aws is None or agency_id is None:
        raise ValueError(f"{word}: published settings need a stack, not an extract")
    found = aws.settings.agency(agency_id) if word == IN_FORCE else aws.settings.version(agency_id, int(word))
    if found is None:
        raise ValueError(f"{agency_id} has no version {word}")
    return found


def told(aws: Aws | None, agency_id: str | None, file: Path | None, columns: Path | None, agency: Agency) -> list[Told]:
    """Return the calls to compare on: an extract's, or those that the stack has heard."""
    if file and columns:
        return _from_extract(file, columns, agency)
    return _from_tables(aws, agency_id) if aws and agency_id else []


def _from_extract(file: Path, columns: Path, agency: Agency) -> list[Told]:
    cases = [item for item in read_extract(file, load_map(columns)) if isinstance(item, Case)]
    return told_by(cases, agency)[0]


def _from_tables(aws: Aws, agency_id: str) -> list[Told]:
    heard = sorted(aws.incidents.heard(agency_id), key=lambda item: (item.at, item.source_id))
    return [Told(item.at, order, update) for order, item in enumerate(heard) for update in item.updates]


def compare(old: Agency, new: Agency, told: Sequence[Told], console: Console) -> Comparison:
    """Compare, with a progress bar."""
    with progress(console) as bar:
        task = bar.add_task("Through both settings", total=2 * len(told))
        return diff(old, new, told, lambda: bar.advance(task))


def show(comparison: Comparison, agency: Agency, console: Console) -> None:
    """Print what appears, vanishes and changes, by type and kind, with examples of each."""
    console.print(
        f"{comparison.incidents:,} incidents: {comparison.sent_before:,} messages before, "
        f"{comparison.sent_after:,} after, whether live or in shadow"
    )
    counts = comparison.counts()
    if not counts:
        console.print("Nothing would have been different.")
        return
    table = Table("type", "notification", *CHANGES)
    for column in table.columns[2:]:
        column.justify = "right"
    for incident_type, kind in sorted({(found, kind) for found, kind, _ in counts}):
        table.add_row(incident_type, kind, *(f"{counts[incident_type, kind, change]:,}" for change in CHANGES))
    console.print(table)
    for change in CHANGES:
        found = (item for item in comparison.differences if item.change == change)
        for item in islice(_one_a_kind(found), EXAMPLES):
            _show_example(item, agency, console)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as a program wants it."""
    return {
        "incidents": comparison.incidents,
        "sent_before": comparison.sent_before,
        "sent_after": comparison.sent_after,
        "counts": [
            {"incident_type": incident_type, "kind": kind, "change": change, "notifications": number}
            for (incident_type, kind, change), number in sorted(comparison.counts().items())
        ],
        "differences": [
            {
                "incident_number": item.key.incident_number,
                "kind": item.key.kind.value,
                "recipient": item.key.recipient,
                "change": item.change,
                "before": _in_short(item.before),
                "after": _in_short(item.after),
            }
            for item in comparison.differences
        ],
    }


def _one_a_kind(found: Iterable[Difference]) -> Iterable[Difference]:
    """Return examples of different types and kinds before a second one of any."""
    seen: set[tuple[str, str]] = set()
    later = []
    for item in found:
        name = item.incident_type, item.key.kind.value
        if name in seen:
            later.append(item)
            continue
        seen.add(name)
        yield item
    yield from later


def _show_example(item: Difference, agency: Agency, console: Console) -> None:
    console.print(
        f"\n{item.key.kind.value} of {item.key.incident_number} ({item.incident_type}) {item.change}", markup=False
    )
    console.print(f"  before: {_told(item.before, agency)}", markup=False)
    same_words = item.after.body == item.before.body
    after = replace(item.after, body="the same words") if item.after.at and same_words else item.after
    console.print(f"  after:  {_told(after, agency)}", markup=False)


def _told(fate: Fate, agency: Agency) -> str:
    if fate.at is None:
        return f"not sent: {fate.reason or 'not planned'}"
    return f"{fate.at.astimezone(agency.zone):%a %H:%M:%S} {fate.channel}: {fate.body}"


def _in_short(fate: Fate) -> dict[str, str | datetime | None]:
    return {"at": fate.at and fate.at.isoformat(), "channel": fate.channel, "body": fate.body, "reason": fate.reason}
