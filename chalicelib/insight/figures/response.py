"""The report's section about who was asked and who answered."""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.domain.surveys.survey import LINK_LIFE
from chalicelib.insight.figures.cells import number_cell, share_cells
from chalicelib.insight.figures.document import DASH, NOTHING, Block, Cell, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Asked, Figures, Row
from chalicelib.insight.figures.groups import stands_out
from chalicelib.insight.figures.parts_asked import PartsAsked, parts_asked
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
    if 0 < figures.answered < SMALLEST:
        told = wording.say("response.few", **fields)
    else:
        told = wording.say("response.intro", **fields, rate=response_rate(figures, wording))
    ends = figures.quarter.last + LINK_LIFE
    return f"{told} {wording.say('response.still', day=wording.day(ends))}" if made_on <= ends else told


def response_rate(figures: Figures, wording: Wording) -> str:
    """Return the share of those asked who answered, with its interval."""
    interval = share_interval(figures.answered, figures.asked)
    return wording.share_in(figures.answered / figures.asked, interval, figures.asked)


def _who(figures: Figures, wording: Wording) -> Iterator[str]:
    more: list[str] = []
    less: list[str] = []
    compared = sum(len(_known(figures, dimension)) for dimension in DIMENSIONS)
    for dimension in DIMENSIONS:
        told = parts_asked(figures, dimension, wording).told
        for one, often in stands_out(_known(figures, dimension), compared):
            if one in told:
                rate = wording.share(one.answered / one.asked, 1)
                (more if often else less).append(f"{_named(one, dimension, wording)} ({rate})")
    if more:
        yield wording.say("response.more_often", groups=", ".join(more))
    if less:
        yield wording.say("response.less_often", groups=", ".join(less))
    if not more and not less and figures.answered >= SMALLEST:
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
    hides = False
    for dimension in DIMENSIONS:
        if dimension in figures.not_carried:
            rows.append(_unknown_row(dimension, figures, wording))
            continue
        parts = parts_asked(figures, dimension, wording)
        hides |= bool(parts.hidden_answered)
        for place, one in enumerate(parts.people):
            heading = Cell(_named(one, dimension, wording), f"{dimension}={one.name}")
            rows.append((heading, *_counts(place, parts, wording)))
    if rows:
        caption = wording.caption(wording.say("response.caption"), hidden=hides)
        yield Table("response", caption, _columns(("dimension",), wording), tuple(rows))


def _unknown_row(dimension: str, figures: Figures, wording: Wording) -> tuple[Cell, ...]:
    """Return how many were asked; of answers that do not say it nobody knows how many are of which part."""
    name = wording.say(f"response.every_{dimension}")
    unknown = Cell(wording.say("form.not_known"))
    return Cell(name, dimension), number_cell(figures.asked, wording), unknown, unknown


def _counts(place: int, parts: PartsAsked, wording: Wording) -> tuple[Cell, Cell, Cell]:
    """Return how many of a part were asked, how many answered, and the rate, with words where they are hidden."""
    one = parts.people[place]
    asked = number_cell(one.asked, wording)
    if place in parts.hidden_asked:
        asked = Cell(wording.hidden(parts.people[other].asked for other in parts.hidden_asked))
    if place in parts.hidden_answered:
        word = wording.hidden(parts.people[other].answered for other in parts.hidden_answered)
        return asked, Cell(word), NOTHING
    if not one.asked or one.answered > one.asked:
        return asked, Cell(wording.count(one.answered)), NOTHING
    asked, rate = share_cells(one.answered, one.asked, wording)
    return asked, Cell(f"{one.answered:,}", one.answered), rate


def _columns(words: Sequence[str], wording: Wording) -> tuple[Column, ...]:
    numbers = ("asked", "answered")
    return tuple(Column(wording.say(f"response.{name}"), name in numbers) for name in (*words, *numbers, "rate"))


def _doors_table(figures: Figures, wording: Wording) -> Iterator[Block]:
    rows = [row for row in figures.doors if row["door"] != "any" and row["answered"] <= row["asked"]]
    if not rows:
        return
    several = len({row["arm"] for row in figures.doors}) > 1
    if several:
        yield Paragraph(wording.say("response.experiment"))
    parts = _by_door(rows)
    cells = tuple(
        (
            *((Cell(row["arm"] or DASH, row["arm"]),) if several else ()),
            Cell(wording.known("response", row["door"]), row["door"]),
            *_counts(place, parts, wording),
        )
        for place, row in enumerate(rows)
    )
    caption = wording.caption(wording.say("response.doors"), hidden=bool(parts.hidden_answered))
    yield Table("doors", caption, _columns(("arm", "door") if several else ("door",), wording), cells)


def _by_door(rows: Sequence[Row]) -> PartsAsked:
    """Return the ways of answering as parts; how many were asked is hidden by arm, for each of its ways has it."""
    of_arm = {row["arm"]: row["asked"] for row in rows}
    few_of = hidden(list(of_arm.values()))
    few_arms = {arm for place, arm in enumerate(of_arm) if place in few_of}
    few = frozenset(place for place, row in enumerate(rows) if row["arm"] in few_arms)
    return PartsAsked(
        people=tuple(Asked(row["door"], row["asked"], row["answered"]) for row in rows),
        hidden_answered=hidden([row["answered"] for row in rows]) | few,
        hidden_asked=few,
    )


def _named(one: Asked, dimension: str, wording: Wording) -> str:
    value = one.name.replace("-", DASH) if dimension == "hour" else one.name
    value = wording.known("languages", value) if dimension == "language" else value
    return wording.say("response.group", dimension=wording.say(f"response.{dimension}"), value=value)
