"""In an emergency one person restores what two approved: the rule."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author, both, signed_by
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.incident_types import City
from chalicelib.domain.settings.restore import WORDS, NotRestored, may_restore
from tests.factories import agency

ANA, BEN = Author("desk:id.example:ana", "Ana Ruiz"), Author("desk:id.example:ben", "Ben Okafor")
LEAD = "arn:aws:iam::111122223333:user/lead"
TWO = both(ANA.written, BEN.written)
NOW = agency(version=9)


def why(restored=NOW, number=7, author=TWO, present=NOW):
    try:
        may_restore(present, number, author, restored)
    except NotRestored as refused:
        return refused.why
    return None


@pytest.mark.parametrize("author", [TWO, both(ANA.written, LEAD), both(LEAD, BEN.by)])
def test_what_two_people_published_is_restored_also_where_it_protects_less(author):
    assert why(agency(silence=Duration(days=1), mass_call=99), author=author) is None


@pytest.mark.parametrize(
    "author",
    [
        ANA.written,
        LEAD,
        both(ANA.written, replace(ANA, name="A. Ruiz").written),
        Author(ANA.by, "Ana and Ben").written,
        Author(ANA.by, "user lead and Ana").written,
        "D. Okafor",
        "Ana and Ben",
        "",
    ],
)
def test_what_one_person_published_is_not_however_they_are_called(author):
    assert len(signed_by(author)) < 2
    assert why(author=author) == "one_person"


def test_what_is_in_force_or_in_the_future_is_not():
    assert why(number=9) == "in_force"
    assert why(number=10) == "later"


@pytest.mark.parametrize(
    "present",
    [
        {"mode": "shadow"},
        {"shadow_kinds": frozenset({Kind.OUTCOME})},
    ],
)
def test_nothing_is_texted_about_that_was_in_shadow(present):
    assert why(agency(mode="live"), present=agency(version=9, **{"mode": "live", **present})) == "goes_live"


RIDGE = City(beats=("R*",), name="Ridge Police", short_name="Ridge PD", mode="shadow")


@pytest.mark.parametrize("cities", [(), (replace(RIDGE, beats=("R1*",)),)])
def test_beats_of_a_city_in_shadow_are_not_texted_about_by_the_county_again(cities):
    present = agency(version=9, mode="live", cities=(RIDGE,))

    assert why(agency(mode="live", cities=cities), present=present) == "goes_live"


def test_a_city_that_stays_in_shadow_keeps_nothing_from_being_restored():
    assert why(agency(mode="live", cities=(RIDGE,)), present=agency(version=9, mode="live", cities=(RIDGE,))) is None


def test_back_to_shadow_is_no_going_live():
    assert why(agency(mode="shadow"), present=agency(version=9, mode="live")) is None


def test_nobody_lets_themselves_in_again():
    roles = Desk(roles={"chiefs": (Role.APPROVER,)})

    assert why(agency(desk=roles)) == "lets_in"
    assert why(agency(), present=agency(version=9, desk=roles)) is None


def test_each_reason_has_words_for_the_terminal():
    for one in WORDS:
        assert str(NotRestored(one)) == WORDS[one]
