"""An agency can take what it is given: the page has each licence, and none is of a kind that binds the agency."""

import pytest

from tenfour.stack.licences import PAGE, PERMISSIVE, TAKEN, can_take, libraries, page


def test_the_page_is_what_the_packages_say():
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("lock", TAKEN, ids=lambda lock: lock.stem)
def test_an_agency_can_take_each_licence(lock):
    told = [*libraries(lock)]

    assert {(name, licence) for name, _, licence in told if not can_take(licence, TAKEN[lock])} == set()
    assert len(told) > 20


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "AGPL-3.0-or-later", "SSPL-1.0", "BUSL-1.1", "MIT AND GPL-2.0-only", "NOASSERTION"],
)
def test_a_licence_that_binds_the_agency_is_not_taken(licence):
    assert not any(can_take(licence, taken) for taken in TAKEN.values())


@pytest.mark.parametrize("licence", ["MIT", "MIT AND Apache-2.0", "GPL-3.0-only OR MIT"])
def test_a_licence_that_asks_for_nothing_is_taken(licence):
    assert can_take(licence, PERMISSIVE)
