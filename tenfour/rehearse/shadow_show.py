"""The shadow report on a terminal of 80 columns."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from chalicelib.insight.shadow.findings import counted, findings, opening
from chalicelib.insight.shadow.rehearse import ORDINARY
from chalicelib.insight.shadow.report import Night, Sample, ShadowReport
from chalicelib.insight.shadow.wording import MARK, hour_name, kind_name, period
from chalicelib.virtual.extract import Unreadable
from tenfour.common.screen import Screen

MOST_LISTED = 12
_BAR = 18
_HALF = 12


def show(console: Screen, report: ShadowReport, unreadable: Sequence[Unreadable]) -> None:
    """Print the report; what is long is cut, and stands whole in the pages."""
    console.print(Text(f"\n{report.agency_name}: shadow report", style="bold"))
    console.print(f"{period(report)}\n")
    for sentence in opening(report):
        console.print(sentence)
    console.print()
    if not report.incidents and not report.total("messages"):
        return
    look = Table.grid(padding=(0, 1))
    for finding in findings(report):
        look.add_row(Text(MARK), Text(finding))
    console.print(look)
    for part in _parts(report):
        console.print()
        console.print(part)
    if unreadable:
        console.print(f"\n{counted(len(unreadable), 'row')} could not be read; `tenfour replay` lists them.")
    console.print()


def _parts(report: ShadowReport) -> Iterable[RenderableType]:
    yield _kinds(report)
    yield _hours(report.hours)
    yield _types(report)
    yield _reasons(report)
    if report.unjudged:
        yield _unjudged(report)
    if report.unknown_types:
        yield _unknown(report)
    if report.unmapped_dispositions:
        yield _dispositions(report)
    if any(night.messages for night in report.night):
        yield _night(report.night)
    if report.people:
        yield _people(report)
    yield _samples(report)


def _table(title: str, *columns: str, numbers: int) -> Table:
    """Return an empty table whose last so many columns are numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=SIMPLE_HEAD)
    for place, name in enumerate(columns):
        number = place >= len(columns) - numbers
        table.add_column(name, justify="right" if number else "left", no_wrap=number, overflow="fold")
    return table


def _kinds(report: ShadowReport) -> Table:
    names = ("messages", "went", "waiting", "not_sent")
    table = _table("What was decided", "kind", "would go", "sent", "waits", "not sent", "segments", "cost", numbers=6)
    for kind in report.kinds:
        figures = [f"{getattr(kind, name):,}" for name in names]
        table.add_row(kind_name(kind.kind), *figures, f"{kind.segments:,}", f"${kind.cost:,.2f}")
    table.add_section()
    totals = [f"{report.total(name):,}" for name in (*names, "segments")]
    table.add_row("all", *totals, f"${report.cost:,.2f}")
    return table


def _hours(hours: tuple[int, ...]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.title, table.title_justify, table.title_style = "Would go, by hour of the day", "left", "bold"
    most = max(hours) or 1
    for hour in range(_HALF):
        cells: list[RenderableType] = []
        for at in (hour, hour + _HALF):
            bar = "█" * round(_BAR * hours[at] / most)
            cells += [hour_name(at), Text(f"{bar:<{_BAR}}", style="cyan"), f"{hours[at]:>6,}  "]
        table.add_row(*cells)
    return table


def _types(report: ShadowReport) -> Table:
    table = _table("By type, as the incident ended", "type", "what it is", "incidents", "would go", numbers=2)
    shown = [each for each in report.types if each.total][:MOST_LISTED]
    for each in shown:
        description = each.description if each.listed else f"{each.description} (not listed: before it changed)".strip()
        table.add_row(each.code or "(none)", description, f"{each.incidents:,}", f"{each.total:,}")
    return _cut(table, len(shown), sum(1 for each in report.types if each.total))


def _reasons(report: ShadowReport) -> Table:
    table = _table("Why not sent", "reason", "what it means", "incidents", "got nothing", numbers=2)
    for each in report.reasons:
        table.add_row(each.reason, each.meaning, f"{each.incidents:,}", f"{each.got_nothing:,}")
    table.caption = "An incident has several reasons: one a kind and person."
    table.caption_justify = "left"
    return table


def _unjudged(report: ShadowReport) -> Table:
    columns = ("value, as dispatch says it", "incidents", "share", "opens")
    table = _table("Words that nobody has judged: nothing is sent", *columns, numbers=3)
    shown = report.unjudged[:MOST_LISTED]
    for each in shown:
        name = Text(f"{each.field}: {each.words}")
        if each.looks:
            name.append(f"\nthe word lists: {each.looks}", style="dim")
        table.add_row(name, f"{each.incidents:,}", f"{each.share:.1%}", f"{each.opened:,}")
    return _cut(table, len(shown), len(report.unjudged))


def _unknown(report: ShadowReport) -> Table:
    columns = ("type, as dispatch calls it", "incidents", "share", "opens")
    table = _table("Types that the settings do not allow: nothing is sent", *columns, numbers=3)
    shown = report.unknown_types[:MOST_LISTED]
    for each in shown:
        name = Text(f"{each.code or '(none yet)'}  {each.description}".strip())
        if each.held_back:
            name.append("\nnamed in the settings: nobody is ever told", style="dim")
        elif each.floor not in ("", ORDINARY):
            name.append(f"\nsafety floor: {each.floor}", style="dim")
        table.add_row(name, f"{each.incidents:,}", f"{each.share:.1%}", f"{each.opened:,}")
    return _cut(table, len(shown), len(report.unknown_types))


def _dispositions(report: ShadowReport) -> Table:
    columns = ("disposition", "incidents", "share", "not told how it ended")
    table = _table("Dispositions without a class in the settings", *columns, numbers=3)
    shown = report.unmapped_dispositions[:MOST_LISTED]
    for each in shown:
        table.add_row(each.code, f"{each.incidents:,}", f"{each.share:.1%}", f"{each.untold:,}")
    return _cut(table, len(shown), len(report.unmapped_dispositions))


def _night(nights: tuple[Night, ...]) -> Table:
    table = _table("Would go between 22:00 and 7:00", "kind", "for example", "would go", numbers=1)
    for night in nights:
        if night.messages:
            example = _quoted(night.examples[0]) if night.examples else ""
            table.add_row(kind_name(night.kind), example, f"{night.messages:,}")
    return table


def _people(report: ShadowReport) -> Table:
    table = _table("People who would get many", "who", "incidents", "in a day", "in all", numbers=2)
    shown = report.people[:MOST_LISTED]
    for each in shown:
        table.add_row(each.who, ", ".join(each.incidents), f"{each.most_in_a_day:,}", f"{each.messages:,}")
    return _cut(table, len(shown), len(report.people))


def _samples(report: ShadowReport) -> Table:
    table = _table("In words: one of each kind, twenty in the page", "kind", "text", numbers=0)
    for kind, samples in report.samples.items():
        if samples:
            table.add_row(kind_name(kind), samples[0].body)
    return table


def _quoted(sample: Sample) -> str:
    return f"{sample.at:%a %-H:%M} {sample.body}"


def _cut(table: Table, shown: int, there_are: int) -> Table:
    if there_are > shown:
        table.caption, table.caption_justify = f"and {there_are - shown:,} more, in the page", "left"
    return table
