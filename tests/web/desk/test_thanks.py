"""Thanks: praise of a month in the order in which it came, a card to print and a digest; nothing counts or ranks."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.insight.surveys.thanks import MOST
from tests.factories import OTHER_PHONE
from tests.web.desk.surveyed import ALLEGES, PRAISES, answered, answers, surveyed
from tests.web.desk.test_now import Down
from tests.web.desk.world import asked

HERE = "/desk/springfield"


@pytest.fixture
def cookie(world):
    return world.signed_in("quality")


def get(world, cookie, page, **query):
    return asked(world, "GET", f"{HERE}/{page}", cookie=cookie, query=query)


def praise(world, name, days=0, **more):
    one = FollowUp(
        id=name,
        agency_id="springfield",
        desk=Desk.UNIT,
        because=Because.PRAISE,
        raised_at=world.now - timedelta(days=days),
        comments=(f"thank you {name}",),
        **more,
    )
    world.follow_ups.keep(one, None)


def test_the_list_has_no_words_and_a_card_has_them_and_notes_the_look(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    (one,) = world.follow_ups.of("springfield", Desk.UNIT)
    listed = get(world, cookie, "thanks").body
    before = list(world.ledger.said)
    card = get(world, cookie, "thanks/card", of=one.id).body

    assert "Call P26-1" in listed
    assert "FRED" not in listed
    assert before == []
    assert "Officer Ruiz was kind" in card
    assert world.ledger.said == [("read_comments", f"thanks {one.id}")]


def test_units_and_officers_are_named_where_the_settings_carry_them(world, cookie):
    praise(world, "a" * 12, units=("3A12",), officer_ids=("7041",))
    praise(world, "b" * 12)
    listed = get(world, cookie, "thanks").body

    assert listed.count("unit 3A12") == 1
    assert "officer 7041" in get(world, cookie, "thanks/card", of="a" * 12).body
    assert "officer" not in get(world, cookie, "thanks/card", of="b" * 12).body.split("<main")[1]


def test_the_digest_has_all_words_of_its_month_and_no_other_and_is_noted(world, cookie):
    praise(world, "a" * 12)
    praise(world, "b" * 12, days=25)
    here = get(world, cookie, "thanks/digest").body
    before = get(world, cookie, "thanks/digest", month="2026-10").body

    assert "thank you aaa" in here
    assert "thank you bbb" not in here
    assert "thank you bbb" in before
    assert "Thanks in Oct 2026" in before
    assert world.ledger.said == [("read_comments", "thanks 2026-11"), ("read_comments", "thanks 2026-10")]


@pytest.mark.parametrize("page", ["thanks/card", "thanks/digest"])
def test_without_a_ledger_no_words_are_shown(world, cookie, page):
    praise(world, "a" * 12)
    world.ledger.down = True
    answer = get(world, cookie, page, of="a" * 12)

    assert answer.status_code == 503
    assert "thank you" not in answer.body


def test_it_comes_in_the_order_of_time_and_nothing_counts_or_ranks_anybody(world, cookie):
    for day, unit in enumerate(("2B", "1A", "2B", "2B", "1A", "3C")):
        praise(world, f"{day:012x}", days=day, units=(unit,), officer_ids=(f"70{unit}",))
    for page in ("thanks", "thanks/digest"):
        told = get(world, cookie, page).body.split("<main")[1]
        assert re.findall(r"unit (\w+)", told) == ["3C", "1A", "2B", "2B", "1A", "2B"]
        for link in re.findall(r'href="([^"]+)"', told):
            assert "sort" not in link
            assert "unit" not in link
            assert "officer" not in link


def test_a_page_has_so_many_and_the_next_goes_on_by_key(world, cookie):
    for number in range(MOST + 2):
        praise(world, f"{number:012x}", days=number / 10)
    world.calls.clear()
    first = get(world, cookie, "thanks").body
    calls = world.calls["follow_ups.praise"], world.calls["follow_ups.find"], world.calls["follow_ups.of"]
    onward = re.search(r"after=([^\"&]+)\"", first)[1]
    rest = get(world, cookie, "thanks", after=onward.replace("%3A", ":").replace("%2B", "+").replace("%23", "#")).body

    assert calls == (1, MOST, 0)
    assert first.count("data-key") == MOST
    assert rest.count("data-key") == 2
    assert "More of this month" not in rest


def test_praise_that_turns_into_an_allegation_is_gone_from_here(world, cookie):
    token = surveyed(world, "P26-1")
    answers(world, token, PRAISES, "5")
    (one,) = world.follow_ups.of("springfield", Desk.UNIT)
    answers(world, token, ALLEGES, "5", minutes=5)

    assert one.id not in get(world, cookie, "thanks").body
    assert "FRED" not in get(world, cookie, "thanks/digest").body
    assert get(world, cookie, "thanks/card", of=one.id).status_code == 404


def test_the_card_of_another_desk_s_entry_is_as_if_it_were_not_there(world, cookie):
    answered(world, "P26-1", ALLEGES, phone=OTHER_PHONE)
    for one in world.follow_ups.of("springfield", Desk.STANDARDS):
        assert get(world, cookie, "thanks/card", of=one.id).status_code == 404


def test_what_cant_be_read_is_said(world, cookie):
    world.follow_ups = Down()

    assert "can&#39;t be read now" in get(world, cookie, "thanks").body


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.QUALITY])
def test_only_quality_sees_praise(world, role):
    praise(world, "a" * 12)
    other = world.signed_in(role)
    for page in ("thanks", "thanks/card", "thanks/digest"):
        answer = get(world, other, page, of="a" * 12)
        assert answer.status_code == 403
        assert "thank you" not in answer.body


def test_only_praise_carries_units(world):
    world.settings._port._agencies["springfield"] = world.city.agency = replace(
        world.city.agency,
        survey=replace(
            world.city.agency.survey, carry=frozenset({"unit", "officer"}), labor_agreement="Association, 2026"
        ),
    )
    answered(world, "P26-1", "Please call me back, thank you, he was kind and helpful", "1")

    assert {one.units for desk in Desk for one in world.follow_ups.of("springfield", desk)} == {()}
