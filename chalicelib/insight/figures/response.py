"""The report's section about who was asked and who answered."""

from collections.abc import Iterator

from chalicelib.insight.figures.document import DASH, NOTHING, Block, Cell, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Asked, Figures
from chalicelib.insight.figures.groups import MOST_PARTS, stands_out
from chalicelib.insight.figures.small_numbers import hidden
from chalicelib.insight.figures.statistics import share_interval
from chalicelib.insight.figures.wording import SMALLEST, Wording

DIMENSIONS = ("language", "hour", "type", "beat")


def response_section(figures: Figures, wording: Wording) -> Section:
    """Return who was asked and who answered, and what is not known of the others."""
    title = wording.say("response.title")
    if not figures.asked:
        return Section("response", title, (Paragraph(wording.say("response.none")),))
    blocks: list[Block] = []
    if figures.answered <= figures.asked:
        asked, answered = wording.count(figures.asked), wording.count(figures.answered)
        blocks.append(
            Paragraph(
                wording.say("response.intro", asked=asked, answered=answered, rate=response_rate(figures, wording))
            )
        )
    blocks.append(Paragraph(wording.say("response.note"), "note"))
    blocks += [Paragraph(text) for text in _who(figures, wording)]
    weighted = _weighted(figures, wording)
    if weighted:
        blocks.append(Paragraph(weighted))
    blocks += [*_people_table(figures, wording), *_doors_table(figures, wording)]
    return Section("response", title, tuple(blocks))


def response_rate(figures: Figures, wording: Wording) -> str:
    """Return the share of those asked who answered, with its interval; of a few only that they are few."""
    if 0 < figures.answered < SMALLEST:
        return wording.under
    interval = share_interval(figures.answered, figures.asked)
    return wording.share_in(figures.answered / figures.asked, interval, figures.asked)


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
        under = Cell(wording.under)
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
        under = wording.under
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
