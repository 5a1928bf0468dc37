"""Find in a browser, about the nights on which clocks change: nothing is lost, and the page says what it did."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import PHONE, caller
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import window
from tests.web.desk.world import DeskWorld, story

__all__ = ("window",)

AUTUMN, SPRING = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 14, tzinfo=UTC)
"""In Denver 01:30 of the first day comes twice, at 07:30 and 08:30 UTC; of the second, 02:00 to 03:00 is not there."""

TOLD = {
    ("twice", "en"): "Clocks go back on Sun 1 Nov 2026: 01:30 comes twice. The search takes both, from {} to {}.",
    ("twice", "es"): "El dom 1 nov 2026 se atrasan los relojes: la hora 01:30 llega dos veces. Se buscan las dos, "
    "desde {} hasta {}.",
    ("never", "en"): "Clocks go forward on Sun 14 Mar 2027: there is no 02:30. The search is from {} to {}, so that no "
    "call is left out.",
    ("never", "es"): "El dom 14 mar 2027 se adelantan los relojes: la hora 02:30 no existe. Se busca desde {} hasta "
    "{}, para que no falte ninguna llamada.",
}
SUNDAY = {"en": "Sun", "es": "dom"}


def a_night(day):
    """Let a call come in each half hour of UTC from 06:00 to 11:00, which bears it: U0730."""

    def fill(world):
        for half in range(12, 23):
            minutes = 18 * 60 - half * 30
            story(world, f"U{day + timedelta(minutes=half * 30):%H%M}", minutes=minutes, parties={"1": caller(PHONE)})

    world = DeskWorld()
    world.now = day.replace(hour=18)
    return filled(fill, "supervisor", "records", world=world)


def look_for(page, since, until, typed=""):
    page.locator("#since").fill(since)
    page.locator("#until").fill(until)
    page.locator("#typed").fill(typed)
    page.locator("#why").select_option("complaint")
    with page.expect_navigation():
        page.locator("form:has(#typed) button").click()


def numbers(page):
    """Return the calls that a page names."""
    return set(re.findall(r">(U\d{4})<", page.content()))


def is_found(seen, came, typed):
    """Tell whether a page has the calls that came; of a person it also has earlier ones, whose texts went out then."""
    return seen >= came and max(seen) == max(came) if typed else seen == came


@pytest.mark.parametrize("typed", ["", "303-555-0123"])
@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_time_that_comes_twice_is_searched_both_times_and_said(window, locale, typed):
    with a_night(AUTUMN) as desk:
        page = window(desk, "/desk/springfield/find", locale=locale)
        look_for(page, "2026-11-01T01:30", "2026-11-01T01:30", typed)
        said, found = page.locator("main").inner_text(), numbers(page)

    day = SUNDAY[locale]
    assert is_found(found, {"U0730", "U0800", "U0830"}, typed)
    assert TOLD["twice", locale].format(f"{day} 01:30 MDT", f"{day} 01:30 MST") in said
    assert all(one in page_times(said) for one in ("01:30 MDT", "01:00 MST", "01:30 MST"))


def page_times(said):
    return re.findall(r"\d\d:\d\d(?: M[DS]T)?", said)


@pytest.mark.parametrize("typed", ["", "303-555-0123"])
@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize(
    ("since", "until", "between", "found"),
    [
        ("02:30", "02:30", ("01:30", "03:30"), {"U0830", "U0900", "U0930"}),
        ("02:30", "04:00", ("01:30", "04:00"), {"U0830", "U0900", "U0930", "U1000"}),
        ("01:00", "02:30", ("01:00", "03:30"), {"U0800", "U0830", "U0900", "U0930"}),
    ],
)
def test_a_time_that_spring_leaves_out_loses_no_call_and_is_said(window, locale, typed, since, until, between, found):
    with a_night(SPRING) as desk:
        page = window(desk, "/desk/springfield/find", locale=locale)
        look_for(page, f"2027-03-14T{since}", f"2027-03-14T{until}", typed)
        said = page.locator("main").inner_text()
        seen, kept = numbers(page), [page.locator(name).input_value() for name in ("#since", "#until")]

    assert is_found(seen, found, typed)
    assert TOLD["never", locale].format(*(f"{SUNDAY[locale]} {one}" for one in between)) in said
    assert kept == [f"2027-03-14T{since}", f"2027-03-14T{until}"]


def test_on_any_other_night_nothing_is_said_of_clocks(window):
    with a_night(SPRING) as desk:
        page = window(desk, "/desk/springfield/find")
        look_for(page, "2027-03-14T01:59", "2027-03-14T03:00")
        said = page.locator("main").inner_text()

    assert "Clocks" not in said
    assert numbers_in(said) == {"U0900"}


def numbers_in(said):
    return set(re.findall(r"U\d{4}", said))


@pytest.mark.parametrize("locale", ["en", "es"])
def test_last_digits_and_nothing_found_say_of_the_clocks_too(window, locale):
    with a_night(SPRING) as desk:
        page = window(desk, "/desk/springfield/find", locale=locale)
        page.locator("#beat").fill("7")
        look_for(page, "2027-03-14T02:30", "2027-03-14T02:30", "0123")
        digits = page.locator("main").inner_text()
        look_for(page, "2027-03-14T02:30", "2027-03-14T02:30", "P26-99")
        nothing = page.locator("main").inner_text()

    day = SUNDAY[locale]
    for said in (digits, nothing):
        assert TOLD["never", locale].format(f"{day} 01:30", f"{day} 03:30") in said
