"""The report's section about who was asked and who answered."""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.domain.surveys.survey import LINK_LIFE
from chalicelib.insight.figures.cells import number_cell
from chalicelib.insight.figures.document import DASH, NOTHING, Block, Cell, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Asked, Figures
from chalicelib.insight.figures.groups import MOST_PARTS, stands_out
from chalicelib.insight.figures.small_numbers import hidden
from chalicelib.insight.figures.statistics import share_interval
from chalicelib.insight.figures.weighting import by_cards, dimensions_told, weighing, weighted_told
from chalicelib.insight.figures.wording import SMALLEST, Wording

DIMENSIONS = ("language", "hour", "shift", "type", "beat")


def response_section(figures: Figures, wording: Wording, made_on: date) -> Section:
    """Return who was asked and who answered, and what is not known of the others."""
    title = wording.say("response.title")
    if not figures.asked:
        return Section("response", title, (Paragraph(wording.say("response.none")),))
    blocks: list[Block] = []
    if figures.answered <= figures.asked:
        blocks.append(Paragraph(_intro(figures, wording, made_on)))
    blocks.append(Paragraph(wording.say("response.note"), "note"))
    blocks += [Paragraph(text) for text in _who(figures, wording)]
    blocks += [Paragraph(text) for text in _weighted(figures, wording)]
    blocks += [*_people_table(figures, wording), *_doors_table(figures, wording)]
    return Section("response", title, tuple(blocks))


def _intro(figures: Figures, wording: Wording, made_on: date) -> str:
    fields = {"asked": wording.count(figures.asked), "answered": wording.count(figures.answered)}
    told = wording.say("response.intro", **fields, rate=response_rate(figures, wording))
    ends = figures.quarter.last + LINK_LIFE
    return f"{told} {wording.say('response.still', day=wording.day(ends))}" if made_on <= ends else told


def response_rate(figures: Figures, wording: Wording) -> str:
    """Return the share of those asked who answered, with its interval; of a few only that they are few."""
    if 0 < figures.answered < SMALLEST:
        return wording.under
    interval = share_interval(figures.answered, figures.asked)
    return wording.share_in(figures.answered / figures.asked, interval, figures.asked)


def _who(figures: Figures, wording: Wording) -> Iterator[str]:
    more: list[str] = []
    less: list[str] = []
    compared = sum(len(_known(figures, dimension)) for dimension in DIMENSIONS)
    for dimension in DIMENSIONS:
        for one, often in stands_out(_known(figures, dimension), compared):
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
    unknown = [name for name in DIMENSIONS if name in figures.not_carried]
    if unknown:
        yield wording.say("response.not_carried", parts=dimensions_told(unknown, wording))


def _known(figures: Figures, dimension: str) -> Sequence[Asked]:
    """Return the parts of a dimension of which it is known who answered."""
    return () if dimension in figures.not_carried else figures.people.get(dimension, ())


def _weighted(figures: Figures, wording: Wording) -> Iterator[str]:
    """Yield what the overall share would be if all parts of those asked had answered alike, and who was not asked."""
    weighted = weighing(figures)
    if figures.answered < SMALLEST:
        return
    if weighted is None:
        yield wording.say("response.not_weighted")
    else:
        of = sum(row["answers"] for row in figures.by_call)
        shares = {"weighted": weighted_told(weighted, wording, of), "plain": wording.share(weighted.found.plain, of)}
        yield wording.say("response.weighted", by=dimensions_told(weighted.by, wording), **shares)
    cards = by_cards(figures)
    if cards:
        yield wording.say("response.cards", count=wording.count(cards))


def _people_table(figures: Figures, wording: Wording) -> Iterator[Table]:
    rows: list[tuple[Cell, ...]] = []
    for dimension in DIMENSIONS:
        if dimension in figures.not_carried:
            rows.append(_unknown_row(dimension, figures, wording))
            continue
        people = sorted(figures.people.get(dimension, ()), key=lambda one: (-one.asked, one.name))[:MOST_PARTS]
        if dimension in ("hour", "shift", "language"):
            people.sort(key=lambda one: one.name)
        few = hidden([one.asked for one in people])
        out = hidden([one.answered for one in people]) | few
        word = wording.hidden(people[place].answered for place in out)
        few_word = wording.hidden(people[place].asked for place in few)
        rows += [
            _asked_row(
                one, dimension, wording, hidden_as=word if place in out else "", few=few_word if place in few else ""
            )
            for place, one in enumerate(people)
        ]
    if rows:
        headings = ("dimension", "asked", "answered", "rate")
        columns = tuple(Column(wording.say(f"response.{name}"), name in ("asked", "answered")) for name in headings)
        yield Table("response", wording.say("response.caption"), columns, tuple(rows))


def _unknown_row(dimension: str, figures: Figures, wording: Wording) -> tuple[Cell, ...]:
    """Return how many were asked; of answers that do not say it nobody knows how many are of which part."""
    name = wording.say(f"response.every_{dimension}")
    unknown = Cell(wording.say("form.not_known"))
    return Cell(name, dimension), number_cell(figures.asked, wording), unknown, unknown


def _asked_row(one: Asked, dimension: str, wording: Wording, *, hidden_as: str, few: str) -> tuple[Cell, ...]:
    """Return a part's row; `few` stands for the number of those asked, where that must not be shown."""
    heading = Cell(_named(one, dimension, wording), f"{dimension}={one.name}")
    if hidden_as:
        return heading, Cell(few) if few else number_cell(one.asked, wording), Cell(hidden_as), NOTHING
    if not one.asked or one.answered > one.asked:
        return heading, Cell(wording.count(one.asked), one.asked), Cell(wording.count(one.answered)), NOTHING
    interval = share_interval(one.answered, one.asked)
    share = one.answered / one.asked
    rate = Cell(wording.share_in(share, interval, one.asked), round(share, 4))
    return heading, Cell(f"{one.asked:,}", one.asked), Cell(f"{one.answered:,}", one.answered), rate


def _doors_table(figures: Figures, wording: Wording) -> Iterator[Block]:
    rows = [row for row in figures.doors if row["door"] != "any" and row["answered"] <= row["asked"]]
    arms = sorted({row["arm"] for row in figures.doors})
    of_arm = {row["arm"]: row["asked"] for row in rows}
    few_places = hidden(list(of_arm.values()))
    few_arms = {arm for place, arm in enumerate(of_arm) if place in few_places}
    few = frozenset(place for place, row in enumerate(rows) if row["arm"] in few_arms)
    out = hidden([row["answered"] for row in rows]) | few
    if not rows:
        return
    if len(arms) > 1:
        yield Paragraph(wording.say("response.experiment"))
    cells, word = [], wording.hidden(rows[place]["answered"] for place in out)
    few_word = wording.hidden(rows[place]["asked"] for place in few)
    for place, row in enumerate(rows):
        name = wording.known("response", row["door"])
        share, interval = row["answered"] / row["asked"], share_interval(row["answered"], row["asked"])
        small = place in out
        cells.append(
            (
                *((Cell(row["arm"] or DASH, row["arm"]),) if len(arms) > 1 else ()),
                Cell(name, row["door"]),
                Cell(few_word) if place in few else Cell(f"{row['asked']:,}", row["asked"]),
                Cell(word) if small else Cell(f"{row['answered']:,}", row["answered"]),
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
