"""The report's sections about the service: messages, delivery, cost, what was not sent, calls again, comments."""

from collections import Counter
from collections.abc import Iterator, Sequence

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.insight.figures.cells import bare, columns_of, number_cell
from chalicelib.insight.figures.document import DASH, NOTHING, Cell, Chart, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, Row
from chalicelib.insight.figures.surveys import NOT_TOLD
from chalicelib.insight.figures.wording import SMALLEST, Wording
from chalicelib.insight.settings.samples import SEGMENT_PRICE

WENT = {State.SENT, State.DELIVERED, State.UNKNOWN}
LOST = {State.UNDELIVERED, State.FAILED}
MOST_REASONS = 12
_MINUTE = 60
NOT_DUE = {"not_for_type", "not_yet", "arrived", "closed", "scheduled", "not_in_person", "diverted", "shadow"}
"""Reasons that say no more than that a message was not due."""


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
            Cell(wording.count(went[kind]), bare(went[kind])),
            *(number_cell(_sum(figures.messages, kind, LOST), wording),),
            *(_seconds(times.get(kind, {}).get(name), wording) for name in ("median_seconds", "p95_seconds")),
        )
        for kind in Kind
        if went[kind]
    )
    columns = columns_of(wording, "messages", ("kind",), ("went", "lost", "median", "p95"))
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
            Cell(wording.known("carrier", reason) if reason else DASH, reason),
            number_cell(number, wording),
            Cell(wording.share(number / of[channel], of[channel])) if number >= SMALLEST else NOTHING,
        )
        for (channel, state, reason), number in sorted(found.items(), key=lambda item: (item[0][0], -item[1]))
    )
    columns = columns_of(wording, "delivery", ("channel", "state", "reason"), ("messages", "share"))
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
    rows = tuple((Cell(wording.known("reason", name), name), number_cell(number, wording)) for name, number in largest)
    columns = columns_of(wording, "reasons", ("reason",), ("calls",))
    table = Table("reasons", wording.say("reasons.caption"), columns, rows)
    return Section("reasons", title, (Paragraph(wording.say("reasons.intro")), table))


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
    return Chart(
        id="hours",
        kind="bars",
        labels=tuple(map(str, range(24))),
        values=tuple(max(SMALLEST, count) if count else 0 for count in went),
        axis=wording.say("messages.hours_axis"),
        alt=alt,
        caption=wording.say("messages.hours", smallest=str(SMALLEST)),
    )


def _delays(figures: Figures, wording: Wording) -> Iterator[Table]:
    if figures.delays:
        rows = tuple(
            (
                _priority(row["priority"], wording),
                number_cell(row["calls"], wording),
                number_cell(row["officers_came"], wording),
                *(
                    _minutes(row[name] if row["timed"] >= SMALLEST else None, wording)
                    for name in ("median_minutes", "p90_minutes")
                ),
            )
            for row in figures.delays
        )
        columns = columns_of(wording, "messages", ("priority",), ("calls", "came", "half", "ninety"))
        yield Table("delays", wording.say("messages.delays"), columns, rows)


def _priority(priority: str, wording: Wording) -> Cell:
    value = wording.say("form.not_told") if priority == NOT_TOLD else priority
    return Cell(wording.say("messages.of_priority", value=value), priority)


def _cost(figures: Figures, wording: Wording) -> Iterator[Paragraph]:
    texts = [row for row in figures.cost if row["channel"] == "sms"]
    segments, without = (sum(row[name] for row in texts) for name in ("segments", "segments_without_price"))
    if not segments:
        return
    told = wording.say(
        "delivery.cost" if segments > without else "delivery.cost_untold",
        messages=wording.count(sum(row["messages"] for row in texts)),
        segments=f"{segments:,}",
        priced=f"{segments - without:,}",
        dollars=f"${sum(row['dollars_told'] for row in texts):,.2f}",
    )
    estimate = wording.say("delivery.estimate", price=f"${SEGMENT_PRICE}", dollars=f"${without * SEGMENT_PRICE:,.2f}")
    yield Paragraph(f"{told} {estimate}" if without else told)


def _seconds(seconds: int | None, wording: Wording) -> Cell:
    if seconds is None:
        return NOTHING
    if seconds < 2 * _MINUTE:
        return Cell(wording.say("messages.seconds", value=f"{seconds:,}"), seconds)
    return Cell(wording.say("messages.minutes", value=f"{seconds / _MINUTE:,.0f}"), seconds)


def _minutes(minutes: float | None, wording: Wording) -> Cell:
    return NOTHING if minutes is None else Cell(wording.say("messages.minutes", value=f"{minutes:,.0f}"), minutes)
