"""The report's sections about the service: messages, delivery, cost, what was not sent, calls again, comments."""

from collections import Counter
from collections.abc import Iterator, Sequence

from chalicelib.domain.identity import Kind
from chalicelib.domain.notification import State
from ops.report import charts
from ops.report.document import (
    DASH,
    NOTHING,
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Paragraph,
    Quote,
    Quotes,
    Section,
    Table,
)
from ops.report.gather import Figures, Row
from ops.report.statistics import difference, share_interval
from ops.report.wording import SMALLEST, Wording
from ops.settings.samples import SEGMENT_PRICE

WENT = {State.SENT, State.DELIVERED, State.UNKNOWN}
LOST = {State.UNDELIVERED, State.FAILED}
MOST_REASONS, MOST_COMMENTS = 12, 20
_MINUTE = 60
NOT_DUE = {"not_for_type", "not_yet", "arrived", "closed", "scheduled", "not_in_person", "diverted", "shadow"}
"""Reasons that say no more than that a message was not due."""

_WHILE_OPEN = {Kind.ACKNOWLEDGMENT, Kind.DISPATCHED, Kind.DELAY}
"""Messages after which somebody may call again about a call that is still open."""


def messages_section(figures: Figures, wording: Wording) -> Section:
    """Return what went, of which kind, when, and how late."""
    title = wording.say("messages.title")
    went = Counter({kind: _sum(figures.messages, kind, WENT) for kind in Kind})
    if not went.total():
        return Section("messages", title, (Paragraph(wording.say("messages.none")),))
    times = {row["kind"]: row for row in figures.timeliness}
    rows = tuple(
        (
            Cell(wording.say(f"messages.{kind}"), kind.value),
            Cell(wording.count(went[kind]), _bare(went[kind])),
            *(_number(_sum(figures.messages, kind, LOST), wording),),
            *(_seconds(times.get(kind, {}).get(name), wording) for name in ("median_seconds", "p95_seconds")),
        )
        for kind in Kind
        if went[kind]
    )
    columns = _columns(wording, "messages", ("kind",), ("went", "lost", "median", "p95"))
    table = Table("messages", wording.say("messages.caption"), columns, rows)
    return Section("messages", title, (table, _hours(figures, wording), *_delays(figures, wording)))


def delivery_section(figures: Figures, wording: Wording) -> Section:
    """Return what became of what was handed over, and what it cost."""
    title = wording.say("delivery.title")
    if not figures.delivery:
        return Section("delivery", title, (Paragraph(wording.say("delivery.none")),))
    found: Counter[tuple[str, str, str]] = Counter()
    for row in figures.delivery:
        found[row["channel"], row["state"], row["reason"]] += row["messages"]
    of = Counter[str]()
    for (channel, _, _), number in found.items():
        of[channel] += number
    rows = tuple(
        (
            Cell(wording.known("delivery", channel), channel),
            Cell(wording.known("delivery", state), state),
            Cell(reason.replace("_", " ") or DASH, reason),
            _number(number, wording),
            Cell(wording.share(number / of[channel], of[channel])) if number >= SMALLEST else NOTHING,
        )
        for (channel, state, reason), number in sorted(found.items(), key=lambda item: (item[0][0], -item[1]))
    )
    columns = _columns(wording, "delivery", ("channel", "state", "reason"), ("messages", "share"))
    table = Table("delivery", wording.say("delivery.caption"), columns, rows)
    return Section("delivery", title, (*_cost(figures, wording), table))


def reasons_section(figures: Figures, wording: Wording) -> Section:
    """Return why what was not sent was not."""
    title = wording.say("reasons.title")
    calls: Counter[str] = Counter()
    for row in (row for row in figures.reasons if row["reason"] not in NOT_DUE):
        # One call may have a reason for several kinds: the kind for which it had it most often says how many calls.
        calls[row["reason"]] = max(calls[row["reason"]], row["incidents"])
    if not calls:
        return Section("reasons", title, (Paragraph(wording.say("reasons.none")),))
    largest = sorted(calls.items(), key=lambda item: (-item[1], item[0]))[:MOST_REASONS]
    rows = tuple((Cell(wording.known("reason", name), name), _number(number, wording)) for name, number in largest)
    columns = _columns(wording, "reasons", ("reason",), ("calls",))
    table = Table("reasons", wording.say("reasons.caption"), columns, rows)
    return Section("reasons", title, (Paragraph(wording.say("reasons.intro")), table))


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
        *_columns(wording, "again", ("kind", "phase"), ("calls", "called")),
        Column(wording.say("again.share")),
    )
    table = Table("again", wording.say("again.caption"), columns, rows)
    told: tuple[Block, ...] = (Bullets(verdicts), Paragraph(wording.say("again.caution"), "note"))
    if not pairs:
        told = (Paragraph(wording.say("again.no_shadow"), "note"),)
    return Section("again", title, (Paragraph(wording.say("again.intro")), *told, table))


def comments_section(figures: Figures, wording: Wording) -> Section:
    """Return what people wrote, of what has been released."""
    title = wording.say("comments.title")
    if not figures.comments:
        return Section("comments", title, (Paragraph(wording.say("comments.none")),))
    shown = figures.comments[:MOST_COMMENTS]
    quotes = tuple(
        Quote(
            row["comment"], row["language"], wording.say("comments.about", who=wording.known("comments", row["about"]))
        )
        for row in shown
    )
    rest = len(figures.comments) - len(shown)
    more = (Paragraph(wording.say("comments.more", count=f"{rest:,}"), "note"),) if rest else ()
    return Section("comments", title, (Paragraph(wording.say("comments.intro")), Quotes(quotes), *more))


def method_section(figures: Figures, wording: Wording) -> Section:
    """Return how the report was made."""
    items = tuple(item.format(smallest=SMALLEST) for item in wording.several("method.items"))
    versions = (wording.say("method.versions"),) if len({key[0] for key in figures.marks}) < len(figures.marks) else ()
    made = Paragraph(wording.say("method.made_with"), "note")
    return Section("method", wording.say("method.title"), (Bullets((*items, *versions)), made))


def _sum(rows: Sequence[Row], kind: str, states: set[State]) -> int:
    return sum(row["messages"] for row in rows if row["kind"] == kind and row["state"] in states)


def _hours(figures: Figures, wording: Wording) -> Chart:
    went = [0] * 24
    for row in figures.messages:
        if row["state"] in WENT and row["hour"] is not None:
            went[row["hour"]] += row["messages"]
    busiest, quietest = (find(range(24), key=went.__getitem__) for find in (max, min))
    alt = wording.say(
        "messages.hours_alt",
        busiest=f"{busiest}:00",
        most=wording.count(went[busiest]),
        quietest=f"{quietest}:00",
        least=wording.count(went[quietest]),
    )
    svg = charts.bars([str(hour) for hour in range(24)], went, wording.say("messages.hours_axis"))
    return Chart("hours", svg, alt, wording.say("messages.hours"))


def _delays(figures: Figures, wording: Wording) -> Iterator[Table]:
    if figures.delays:
        rows = tuple(
            (
                Cell(row["priority"], row["priority"]),
                _number(row["calls"], wording),
                _number(row["officers_came"], wording),
                *(
                    _minutes(row[name] if row["officers_came"] >= SMALLEST else None, wording)
                    for name in ("median_minutes", "p90_minutes")
                ),
            )
            for row in figures.delays
        )
        columns = _columns(wording, "messages", ("priority",), ("calls", "came", "half", "ninety"))
        yield Table("delays", wording.say("messages.delays"), columns, rows)


def _cost(figures: Figures, wording: Wording) -> Iterator[Paragraph]:
    texts = [row for row in figures.cost if row["channel"] == "sms"]
    segments, without = (sum(row[name] for row in texts) for name in ("segments", "segments_without_price"))
    if not segments:
        return
    told = wording.say(
        "delivery.cost",
        messages=wording.count(sum(row["messages"] for row in texts)),
        segments=f"{segments:,}",
        priced=f"{segments - without:,}",
        dollars=f"${sum(row['dollars_told'] for row in texts):,.2f}",
    )
    estimate = wording.say("delivery.estimate", price=f"${SEGMENT_PRICE}", dollars=f"${without * SEGMENT_PRICE:,.2f}")
    yield Paragraph(f"{told} {estimate}" if without else told)


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
        _number(of, wording),
        _number(again, wording),
        NOTHING if small else Cell(text, round(again / of, 4)),
    )


def _columns(wording: Wording, part: str, words: Sequence[str], numbers: Sequence[str]) -> tuple[Column, ...]:
    return (
        *(Column(wording.say("messages.kind" if name == "kind" else f"{part}.{name}")) for name in words),
        *(Column(wording.say(f"{part}.{name}"), number=True) for name in numbers),
    )


def _number(number: int, wording: Wording) -> Cell:
    return Cell(wording.count(number), _bare(number))


def _bare(number: int) -> int | None:
    return None if 0 < number < SMALLEST else number


def _seconds(seconds: int | None, wording: Wording) -> Cell:
    if seconds is None:
        return NOTHING
    if seconds < 2 * _MINUTE:
        return Cell(wording.say("messages.seconds", value=f"{seconds:,}"), seconds)
    return Cell(wording.say("messages.minutes", value=f"{seconds / _MINUTE:,.0f}"), seconds)


def _minutes(minutes: float | None, wording: Wording) -> Cell:
    return NOTHING if minutes is None else Cell(wording.say("messages.minutes", value=f"{minutes:,.0f}"), minutes)
