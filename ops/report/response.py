"""The report's headline, and its section about who was asked and who answered."""

from collections.abc import Iterator

from ops.report.document import DASH, NOTHING, Block, Cell, Column, KeyFigures, Paragraph, Section, Table
from ops.report.gather import Asked, Figures, newest_version
from ops.report.people import MOST_PARTS, Questions, changed, stands_out
from ops.report.small import hidden
from ops.report.statistics import answers, favourable, mean, mean_interval, share_interval
from ops.report.wording import SMALLEST, Wording

NEVER = (
    *("sensitive", "officer_initiated", "type_not_allowed", "no_address", "institutional_number", "not_personal"),
    *("juvenile", "do_not_contact", "transferred", "type_unknown", "type_never", "welfare", "no_recipient"),
    *("exercise", "no_arrival", "unsafe_to_contact"),
)
"""Reasons for which a person is never asked, whatever becomes of the call."""

MOST_REASONS = 6
DIMENSIONS = ("language", "hour", "type", "beat")


def headline(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return the report in a few sentences, and in a few figures."""
    blocks: list[Block] = [Paragraph(_counts(figures, wording), "lead")]
    overall = tuple(_overall(figures, questions, wording))
    if overall:
        blocks.append(Paragraph(" ".join(overall), "lead"))
    never = _never(figures, wording)
    if never:
        blocks.append(Paragraph(wording.say("headline.never", reasons=never)))
    if figures.calls:
        blocks.append(KeyFigures(tuple(_key_figures(figures, questions, wording))))
    return Section("headline", "", tuple(blocks))


def response_section(figures: Figures, wording: Wording) -> Section:
    """Return who was asked and who answered, and what is not known of the others."""
    title = wording.say("response.title")
    if not figures.asked:
        return Section("response", title, (Paragraph(wording.say("response.none")),))
    blocks: list[Block] = []
    if figures.answered <= figures.asked:
        asked, answered = wording.count(figures.asked), wording.count(figures.answered)
        blocks.append(
            Paragraph(wording.say("response.intro", asked=asked, answered=answered, rate=_rate(figures, wording)))
        )
    blocks.append(Paragraph(wording.say("response.note"), "note"))
    blocks += [Paragraph(text) for text in _who(figures, wording)]
    weighted = _weighted(figures, wording)
    if weighted:
        blocks.append(Paragraph(weighted))
    blocks += [*_people_table(figures, wording), *_doors_table(figures, wording)]
    return Section("response", title, tuple(blocks))


def _counts(figures: Figures, wording: Wording) -> str:
    if not figures.calls:
        return wording.say("headline.no_calls")
    fields = {
        "calls": wording.count(figures.calls),
        "told": wording.count(figures.told),
        "asked": wording.count(figures.asked),
        "answered": wording.count(figures.answered),
    }
    if figures.answered > figures.asked:
        return wording.say("headline.more_answers", **fields)
    if not figures.asked:
        return wording.say("headline.nobody_asked", **fields)
    if not figures.answered:
        return wording.say("headline.nobody_answered", **fields)
    if figures.answered < SMALLEST:
        return wording.say("headline.few_answered", **fields)
    return wording.say("headline.calls", **fields, rate=_rate(figures, wording))


def _rate(figures: Figures, wording: Wording) -> str:
    if 0 < figures.answered < SMALLEST:
        return wording.say("form.under", smallest=str(SMALLEST))
    interval = share_interval(figures.answered, figures.asked)
    return wording.share_in(figures.answered / figures.asked, interval, figures.asked)


def _overall(figures: Figures, questions: Questions, wording: Wording) -> Iterator[str]:
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    marks = figures.marks_of(key, figures.quarter.months)
    of, middle, interval = answers(marks), mean(marks), mean_interval(marks)
    if of < SMALLEST or middle is None or interval is None:
        return
    share = favourable(marks) / of
    shown = wording.share_in(share, share_interval(favourable(marks), of), of)
    yield wording.say("headline.overall", share=shown, mean=wording.mean_in(middle, interval))
    change = changed(key, figures)
    if change is None:
        return
    if change.real:
        yield wording.say("headline.better" if change.by > 0 else "headline.worse", points=wording.points(change.by))
    else:
        yield wording.say("headline.same", before=wording.share(share - change.by, of))


def _never(figures: Figures, wording: Wording) -> str:
    why = [
        row
        for row in figures.reasons
        if row["kind"] == "survey" and row["decided"] == "with the incident" and row["reason"] in NEVER
    ]
    largest = sorted(why, key=lambda row: (-row["incidents"], row["reason"]))[:MOST_REASONS]
    return "; ".join(f"{wording.known('reason', row['reason'])} ({wording.count(row['incidents'])})" for row in largest)


def _key_figures(figures: Figures, questions: Questions, wording: Wording) -> Iterator[Cell]:
    yield Cell(wording.count(figures.calls), wording.say("headline.calls_label"))
    yield Cell(wording.count(figures.told), wording.say("headline.told_label"))
    yield Cell(wording.count(figures.asked), wording.say("headline.asked_label"))
    if figures.asked and figures.answered <= figures.asked:
        yield Cell(wording.count(figures.answered), wording.say("headline.answered_label"))
        if figures.answered >= SMALLEST:
            rate = wording.share(figures.answered / figures.asked, 1)
            yield Cell(rate, wording.say("headline.rate_label"))
    marks = figures.marks_of(newest_version(figures.marks, questions.overall, figures.quarter), figures.quarter.months)
    if answers(marks) >= SMALLEST:
        share = wording.share(favourable(marks) / answers(marks), 1)
        yield Cell(share, wording.say("headline.overall_label"))


def _who(figures: Figures, wording: Wording) -> Iterator[str]:
    more: list[str] = []
    less: list[str] = []
    compared = sum(len(people) for people in figures.people.values())
    for dimension in DIMENSIONS:
        for one, often in stands_out(figures.people.get(dimension, ()), compared):
            of = one.asked
            rate = wording.share(one.answered / of, 1)
            name = _named(one, dimension, wording)
            (more if often else less).append(f"{name} ({rate})")
    if more:
        yield wording.say("response.more_often", groups=", ".join(more))
    if less:
        yield wording.say("response.less_often", groups=", ".join(less))
    if not more and not less:
        yield wording.say("response.alike")
    if figures.unplaced.get("type"):
        yield wording.say("response.unknown", count=wording.count(figures.unplaced["type"]))


def _weighted(figures: Figures, wording: Wording) -> str:
    """Return what the overall share would be if every type of call had answered alike, where that can be said."""
    asked = {one.name: one.asked for one in figures.people.get("type", ())}
    parts = [part for part in figures.parts.get("type", ()) if part.answers >= SMALLEST and asked.get(part.name)]
    of = sum(asked[part.name] for part in parts)
    known = sum(part.answers for part in parts)
    everybody = sum(part.answers for part in figures.parts.get("type", ()))
    if len(parts) < 2 or known < everybody:  # noqa: PLR2004  nothing to weigh, or something unknown
        return ""
    share = sum(asked[part.name] / of * part.favourable / part.answers for part in parts)
    plain = sum(part.favourable for part in parts) / known
    weighted, unweighted = wording.share(share, known), wording.share(plain, known)
    name = "response.weighted_same" if weighted == unweighted else "response.weighted"
    return wording.say(name, weighted=weighted, plain=unweighted)


def _people_table(figures: Figures, wording: Wording) -> Iterator[Table]:
    rows: list[tuple[Cell, ...]] = []
    for dimension in DIMENSIONS:
        people = sorted(figures.people.get(dimension, ()), key=lambda one: (-one.asked, one.name))[:MOST_PARTS]
        if dimension in ("hour", "language"):
            people.sort(key=lambda one: one.name)
        out = hidden([one.answered for one in people]) | hidden([one.asked for one in people])
        rows += [_asked_row(one, dimension, wording, small=place in out) for place, one in enumerate(people)]
    if rows:
        headings = ("dimension", "asked", "answered", "rate")
        columns = tuple(Column(wording.say(f"response.{name}"), name in ("asked", "answered")) for name in headings)
        yield Table("response", wording.say("response.caption"), columns, tuple(rows))


def _asked_row(one: Asked, dimension: str, wording: Wording, *, small: bool) -> tuple[Cell, ...]:
    heading = Cell(_named(one, dimension, wording), f"{dimension}={one.name}")
    if small:
        under = Cell(wording.say("form.under", smallest=str(SMALLEST)))
        return heading, Cell(wording.count(one.asked), one.asked if one.asked >= SMALLEST else None), under, NOTHING
    if not one.asked or one.answered > one.asked:
        return heading, Cell(wording.count(one.asked), one.asked), Cell(wording.count(one.answered)), NOTHING
    interval = share_interval(one.answered, one.asked)
    share = one.answered / one.asked
    rate = Cell(wording.share_in(share, interval, one.asked), round(share, 4))
    return heading, Cell(f"{one.asked:,}", one.asked), Cell(f"{one.answered:,}", one.answered), rate


def _doors_table(figures: Figures, wording: Wording) -> Iterator[Block]:
    rows = [row for row in figures.doors if row["door"] != "any" and row["answered"] <= row["asked"]]
    arms = sorted({row["arm"] for row in figures.doors})
    out = hidden([row["answered"] for row in rows])
    if not rows:
        return
    if len(arms) > 1:
        yield Paragraph(wording.say("response.experiment"))
    cells = []
    for place, row in enumerate(rows):
        name = wording.known("response", row["door"])
        share, interval = row["answered"] / row["asked"], share_interval(row["answered"], row["asked"])
        small = place in out
        under = wording.say("form.under", smallest=str(SMALLEST))
        cells.append(
            (
                *((Cell(row["arm"] or DASH, row["arm"]),) if len(arms) > 1 else ()),
                Cell(name, row["door"]),
                Cell(f"{row['asked']:,}", row["asked"]),
                Cell(under) if small else Cell(f"{row['answered']:,}", row["answered"]),
                NOTHING if small else Cell(wording.share_in(share, interval, row["asked"]), round(share, 4)),
            )
        )
    headings = (*(("arm",) if len(arms) > 1 else ()), "door", "asked", "answered", "rate")
    columns = tuple(Column(wording.say(f"response.{name}"), name in ("asked", "answered")) for name in headings)
    yield Table("doors", wording.say("response.doors"), columns, tuple(cells))


def _named(one: Asked, dimension: str, wording: Wording) -> str:
    value = one.name.replace("-", DASH) if dimension == "hour" else one.name
    value = wording.known("languages", value) if dimension == "language" else value
    return wording.say("response.group", dimension=wording.say(f"response.{dimension}"), value=value)
