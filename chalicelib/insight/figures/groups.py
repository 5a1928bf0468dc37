"""The report's section about where answers differ, and who answers more often than others."""

from collections.abc import Iterator, Sequence

from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.cells import share_cells
from chalicelib.insight.figures.document import NOTHING, Block, Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Asked, Figures, Part, newest_version
from chalicelib.insight.figures.small_numbers import hidden
from chalicelib.insight.figures.statistics import Difference, answers, difference, share_interval
from chalicelib.insight.figures.wording import SMALLEST, Wording

MOST_PARTS = 12


def groups_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return where the answers differ: by type, beat and shift."""
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    of = answers(figures.marks_of(key, figures.quarter.months))
    title, blocks = wording.say("groups.title"), [*_groups(figures, of, wording)]
    if not blocks:
        return Section("groups", title, (Paragraph(wording.say("groups.none")),))
    intro = wording.say("groups.intro", question=questions.overall_label(key, wording))
    return Section("groups", title, (Paragraph(intro), *_left_out(figures, of, wording), *blocks))


def _left_out(figures: Figures, of: int, wording: Wording) -> Iterator[Paragraph]:
    """Yield how many answers are in no part, as they do not say it."""
    missing = {name: of - sum(part.answers for part in parts) for name, parts in figures.parts.items()}
    told = (
        wording.say("groups.missing", part=wording.say(f"groups.{name}"), count=wording.count(count))
        for name, count in missing.items()
        if count > 0
    )
    listed = "; ".join(told)
    if listed:
        yield Paragraph(wording.say("groups.left_out", of=wording.count(of), parts=listed))


def _groups(figures: Figures, of: int, wording: Wording) -> Iterator[Block]:
    for name, parts in figures.parts.items():
        pooled = pool(parts, wording)
        # A few answers that do not say their part are one more hidden part beside the total; many are told.
        missing = of - sum(part.answers for part in parts)
        out = hidden([*(part.answers for part in pooled), missing * (missing < SMALLEST)]) - {len(pooled)}
        shown = [part for place, part in enumerate(pooled) if place not in out and part.answers]
        if len(shown) < 2:  # noqa: PLR2004  nothing to compare
            continue
        if name == "type":
            yield _group_chart(shown, wording)
        everybody = Part("", sum(part.answers for part in parts), sum(part.favourable for part in parts))
        word = wording.hidden(pooled[place].answers for place in out)
        rows = tuple(
            _group_row(part, everybody, len(shown), wording, hidden_as=word if place in out else "")
            for place, part in enumerate(pooled)
            if part.answers
        )
        headings = (wording.say(f"groups.{name}"), "answers", "favourable", wording.say("groups.verdict"))
        columns = (
            Column(headings[0]),
            Column(wording.say("questions.answers"), number=True),
            Column(wording.say("questions.favourable")),
            Column(headings[3]),
        )
        what = wording.say(f"groups.by_{name}")
        caption = wording.say("groups.caption", what=what[0].lower() + what[1:])
        yield Table(f"by_{name}", wording.caption(caption, hidden=bool(out)), columns, rows)


def pool(parts: Sequence[Part], wording: Wording) -> list[Part]:
    """Return the largest parts, and the rest as one."""
    ordered = sorted(parts, key=lambda part: (-part.answers, part.name))
    rest = ordered[MOST_PARTS:]
    if len(rest) < 2:  # noqa: PLR2004  one is no rest
        return sorted(parts, key=lambda part: part.name)
    name = wording.say("form.further", count=str(len(rest)))
    largest = sorted(ordered[:MOST_PARTS], key=lambda part: part.name)
    return [*largest, Part(name, sum(p.answers for p in rest), sum(p.favourable for p in rest))]


def _group_chart(shown: Sequence[Part], wording: Wording) -> Chart:
    shares = [part.favourable / part.answers for part in shown]
    intervals = [share_interval(part.favourable, part.answers) for part in shown]
    values = "; ".join(f"{part.name} {wording.share(share, 1)}" for part, share in zip(shown, shares, strict=True))
    what = wording.say("groups.by_type")
    return Chart(
        id="by_type",
        kind="dots",
        labels=tuple(part.name for part in shown),
        values=tuple(shares),
        intervals=tuple(intervals),
        axis=wording.say("questions.axis"),
        alt=wording.say("groups.chart_alt", what=wording.say("groups.type"), values=values),
        caption=wording.say("groups.caption", what=what[0].lower() + what[1:]),
    )


def _group_row(part: Part, everybody: Part, compared: int, wording: Wording, *, hidden_as: str) -> tuple[Cell, ...]:
    if hidden_as:
        return (Cell(part.name, part.name), Cell(hidden_as), NOTHING, NOTHING)
    rest = everybody.answers - part.answers
    found = difference(part.favourable, part.answers, everybody.favourable - part.favourable, rest, compared)
    word = "alone" if found is None else verdict_of(found)
    share = share_cells(part.favourable, part.answers, wording)
    return (Cell(part.name, part.name), *share, Cell(wording.say(f"groups.{word}"), word))


def verdict_of(found: Difference) -> str:
    """Return higher, lower or unclear."""
    if not found.real:
        return "unclear"
    return "higher" if found.by > 0 else "lower"


def stands_out(people: Sequence[Asked], compared: int) -> Iterator[tuple[Asked, bool]]:
    """Yield the parts that answered clearly more (True) or less often than everybody else."""
    asked, answered = sum(one.asked for one in people), sum(one.answered for one in people)
    for one in people:
        if one.answered > one.asked or answered > asked or one.asked < SMALLEST or 0 < one.answered < SMALLEST:
            continue
        rest = answered - one.answered, asked - one.asked
        if rest[0] > rest[1]:
            continue
        found = difference(one.answered, one.asked, *rest, compared)
        if found and found.real:
            yield one, found.by > 0
