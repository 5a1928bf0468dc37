"""The report's last sections: whether people call again, what they wrote, and how it all was made."""

from chalicelib.domain.names import Kind
from chalicelib.insight.figures.cells import columns_of, number_cell
from chalicelib.insight.figures.document import (
    NOTHING,
    Block,
    Bullets,
    Cell,
    Column,
    Paragraph,
    Quote,
    Quotes,
    Section,
    Table,
)
from chalicelib.insight.figures.gather import Figures, Row
from chalicelib.insight.figures.statistics import difference, share_interval
from chalicelib.insight.figures.wording import SMALLEST, Wording

MOST_COMMENTS = 20
_WHILE_OPEN = {Kind.ACKNOWLEDGMENT, Kind.DISPATCHED, Kind.DELAY}
"""Messages after which somebody may call again about a call that is still open."""


def again_section(figures: Figures, wording: Wording) -> Section:
    """Return how often people called again after a message, against the weeks in which it was in shadow."""
    title = wording.say("again.title")
    known = {(row["kind"], row["phase"]): row for row in figures.again if row["kind"] in _WHILE_OPEN}
    kinds = [kind for kind in Kind if (kind, "live") in known or (kind, "shadow") in known]
    if not kinds:
        return Section("again", title, (Paragraph(wording.say("again.none")),))
    pairs = [kind for kind in kinds if (kind, "live") in known and (kind, "shadow") in known]
    verdicts = tuple(_again(kind, known, len(pairs), wording) for kind in pairs)
    rows = tuple(
        _again_row(known[kind, phase], wording)
        for kind in kinds
        for phase in ("shadow", "live")
        if (kind, phase) in known
    )
    columns = (
        *columns_of(wording, "again", ("kind", "phase"), ("calls", "called")),
        Column(wording.say("again.share")),
    )
    table = Table("again", wording.say("again.caption"), columns, rows)
    told: tuple[Block, ...] = (Bullets(verdicts), Paragraph(wording.say("again.caution"), "note"))
    if not pairs:
        told = (Paragraph(wording.say("again.no_shadow"), "note"),)
    return Section("again", title, (Paragraph(wording.say("again.intro")), *told, table))


def comments_section(figures: Figures, wording: Wording) -> Section:
    """Return what people wrote, of what has been released."""
    title, counted = wording.say("comments.title"), Paragraph(_comments_counted(figures, wording))
    if not figures.comments:
        return Section("comments", title, (counted,))
    shown = figures.comments[:MOST_COMMENTS]
    quotes = tuple(
        Quote(
            row["comment"], row["language"], wording.say("comments.about", who=wording.known("comments", row["about"]))
        )
        for row in shown
    )
    rest = len(figures.comments) - len(shown)
    more = (Paragraph(wording.say("comments.more", count=f"{rest:,}"), "note"),) if rest else ()
    return Section("comments", title, (counted, Paragraph(wording.say("comments.intro")), Quotes(quotes), *more))


def _comments_counted(figures: Figures, wording: Wording) -> str:
    """Return how many comments were written, how many somebody read, and how many of these may be published."""
    written, read, released = (
        sum(row[name] for row in figures.comments_counted) for name in ("written", "read", "released")
    )
    if not written:
        return wording.say("comments.none")
    counts = {"written": wording.count(written), "read": wording.count(read), "released": wording.count(released)}
    return wording.say("comments.counted", **counts)


def method_section(figures: Figures, wording: Wording) -> Section:
    """Return how the report was made."""
    items = tuple(
        item.format(smallest=SMALLEST, duplicates=wording.count(figures.duplicates))
        for item in wording.several("method.items")
    )
    versions = (wording.say("method.versions"),) if len({key[0] for key in figures.marks}) < len(figures.marks) else ()
    made = Paragraph(wording.say("method.made_with"), "note")
    return Section("method", wording.say("method.title"), (Bullets((*items, *versions)), made))


def _again(kind: Kind, known: dict[tuple[str, str], Row], compared: int, wording: Wording) -> str:
    live, shadow = known[kind, "live"], known[kind, "shadow"]
    found = difference(
        live["called_again"], live["incidents"], shadow["called_again"], shadow["incidents"], comparisons=compared
    )
    word = "unclear" if found is None or not found.real else "fewer" if found.by < 0 else "more"
    points = wording.points(found.by) if found else ""
    return wording.say(f"again.{word}", kind=wording.say(f"messages.{kind}"), points=points)


def _again_row(row: Row, wording: Wording) -> tuple[Cell, ...]:
    again, of = row["called_again"], row["incidents"]
    small = 0 < again < SMALLEST
    interval = share_interval(again, of)
    text = wording.say(
        "form.interval",
        value=wording.say("form.percent", value=f"{again / of * 100:.1f}"),
        low=f"{interval.low * 100:.1f}",
        high=f"{interval.high * 100:.1f}",
    )
    return (
        Cell(wording.say(f"messages.{row['kind']}"), row["kind"]),
        Cell(wording.say(f"again.{row['phase']}"), row["phase"]),
        number_cell(of, wording),
        number_cell(again, wording),
        NOTHING if small else Cell(text, round(again / of, 4)),
    )
