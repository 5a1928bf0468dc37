"""Charts whose labels are text and lie upon nothing, on a page and on a phone."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from chalicelib.insight.figures.document import Chart
from chalicelib.insight.figures.statistics import Interval
from tenfour.figures.charts import NARROW, RANGE, WIDE, draw, figure_of
from tenfour.figures.labels import SIZE, every, readable, wide, wrapped

FORMULA = "A$B_$C"
LONGEST = "Overall, I am satisfied with how the police responded to the call that I made about my neighbor. " * 2
labels = st.text("ABWijlm $_\\^{}%&#.,-áñ", min_size=1, max_size=70).filter(str.strip)
shares = st.floats(0, 1)


def dots(names, values):
    return Chart(
        id="x",
        kind="dots",
        labels=tuple(names),
        values=tuple(values),
        intervals=tuple(Interval(max(0, value - 0.1), min(1, value + 0.1)) for value in values),
        axis=f"% {FORMULA}",
        alt="",
        caption="",
    )


def line(values, places):
    names = [
        f"{['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][place % 12]} 2026"
        for place in places
    ]
    return Chart(
        id="x",
        kind="line",
        labels=tuple(names),
        values=tuple(values),
        intervals=tuple(Interval(max(0, value - 0.2), min(1, value + 0.2)) for value in values),
        places=tuple(places),
        axis="% favorable",
        alt="",
        caption="",
    )


def bars(values):
    names = tuple(map(str, range(len(values))))
    return Chart(id="x", kind="bars", labels=names, values=tuple(values), axis="hour", alt="", caption="")


def texts(chart, narrow):
    """Return where each text of a drawing is, and how large the drawing is, in dots."""
    figure = figure_of(chart, narrow=narrow)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    found = [text for text in figure.findobj(lambda each: hasattr(each, "get_text")) if text.get_text().strip()]
    places = [text.get_window_extent(canvas.get_renderer()) for text in found if text.get_visible()]
    return places, figure.bbox


def lie_apart(chart, narrow):
    places, paper = texts(chart, narrow)
    assert len(places) >= len(chart.labels) // 12
    for one, other in itertools.combinations(places, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        down = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert across <= 1 or down <= 3, (one, other)
    for place in places:
        assert min(place.x0 - paper.x0, paper.x1 - place.x1) >= -1
        assert min(place.y0 - paper.y0, paper.y1 - place.y1) >= -3  # dots of empty room above letters


@settings(max_examples=25)
@given(st.lists(st.tuples(labels, shares), min_size=2, max_size=8), st.booleans())
@example([(LONGEST, 1.0), (LONGEST, 0.0), (FORMULA, 0.5)], True)
@example([(LONGEST, 1.0), (LONGEST, 0.0), (FORMULA, 0.5)], False)
@example([("W" * 70, 1.0), ("W W", 1.0)], True)
def test_no_label_of_dots_lies_on_another_or_leaves_the_paper(parts, narrow):
    lie_apart(dots([name for name, _ in parts], [share for _, share in parts]), narrow)


@settings(max_examples=25)
@given(st.lists(shares, min_size=2, max_size=12), st.booleans())
@example([1.0] * 12, True)
@example([0.0] * 12, False)
def test_no_label_of_a_line_lies_on_another(values, narrow):
    lie_apart(line(values, range(len(values))), narrow)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 999_999), min_size=24, max_size=24), st.booleans())
def test_no_label_of_bars_lies_on_another(values, narrow):
    lie_apart(bars(values), narrow)


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("name", [FORMULA, "$", "$$", "$x^2$", "\\$5", "a_b^{c", "$\\frac{1}{0}$", "100 % {x}"])
def test_a_name_that_looks_like_a_formula_is_text(name, narrow):
    """Found: a beat `A$B_$C` ended the report. matplotlib takes what is between two dollars for a formula."""
    svg = draw(dots((name, "B"), (0.5, 0.6)), narrow=narrow)

    for letter in set(name) - {" "}:
        assert f'"#DejaVuSans-{glyph_of(letter):x}"' in svg, letter


def glyph_of(letter):
    return FT2Font(findfont("DejaVu Sans")).get_char_index(ord(letter))


def test_letters_that_the_font_lacks_are_question_marks_and_no_warning():
    """Warnings are errors in this suite; an agency's type may be written in any script."""
    assert draw(dots(("漢字 A", "\x1b[31mB\n"), (0.5, 0.6))).startswith("<svg")
    assert wrapped("漢字 A\x1b", 3) == ["?? A"]


def test_shares_are_drawn_from_nothing_to_all():
    """A cut axis makes much of little."""
    for chart in (dots(("a", "b"), (0.95, 0.97)), line((0.95, 0.97), (1, 2))):
        (axes,) = figure_of(chart, narrow=False).axes
        low, high = axes.get_xlim() if chart.kind == "dots" else axes.get_ylim()
        assert (low, high) == (0, 100)


def test_a_line_is_broken_where_a_month_is_missing():
    whole, broken = line((0.5, 0.6, 0.7), (1, 2, 3)), line((0.5, 0.6, 0.7), (1, 2, 5))

    assert [len(each.lines) for each in (figure_of(chart, narrow=False).axes[0] for chart in (whole, broken))] == [1, 3]


@given(st.text(min_size=1, max_size=60), st.floats(0.3, 4))
def test_lines_of_a_label_are_not_wider_than_their_room_and_lose_no_letter(text, room):
    lines = wrapped(text, room)

    assert "".join("".join(lines).split()) == "".join(readable(text).split())
    assert all(wide(line) <= room or len(line) == 1 for line in lines)


def test_widths_do_not_depend_on_what_was_drawn_before():
    before = wide("Traffic complaint")
    draw(bars([1] * 24))

    assert wide("Traffic complaint") == before
    assert 0.9 < before * 72 / SIZE / 8.6 < 1.1


@pytest.mark.parametrize(("room", "shown"), [(1.0, [0, 1, 2, 3, 4]), (0.3, [0, 2, 4]), (0.1, [4])])
def test_the_last_label_is_always_shown(room, shown):
    assert every(["Sep 26"] * 5, room) == shown


def test_both_drawings_are_as_wide_as_they_say():
    chart = dots(("a", "b"), (0.5, 0.6))

    assert [figure_of(chart, narrow=narrow).get_figwidth() for narrow in (True, False)] == [NARROW, WIDE]


@pytest.mark.parametrize("narrow", [True, False])
def test_an_interval_is_drawn_as_long_as_it_is(narrow):
    """From 40 to 60 of 100 is a fifth of the axis, in the pixels that a reader would measure."""
    figure = figure_of(dots(["Respect"], [0.5]), narrow=narrow)
    figure.set_dpi(400)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (axes,) = figure.axes
    red, green, blue = (int(RANGE[at : at + 2], 16) for at in (1, 3, 5))
    drawn = (np.asarray(canvas.buffer_rgba())[..., :3] == (red, green, blue)).all(axis=2).any(axis=0).nonzero()[0]

    assert np.ptp(drawn) == pytest.approx(axes.get_window_extent().width / 5, abs=3)
