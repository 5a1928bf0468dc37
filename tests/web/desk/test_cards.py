"""Cards: made once with their note, shown once, good for so many people and days, and read by a phone."""

import re
from datetime import timedelta

import pytest
import segno

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.surveys.token import token_hash
from chalicelib.flow.surveys.answer import show_survey
from chalicelib.insight.surveys.square_code import as_path
from tests.web.desk.world import asked

CARDS = "/desk/springfield/cards"
FORM = {"label": "3A12", "uses": "20", "days": "30"}


@pytest.fixture
def cookie(world):
    return world.signed_in("admin")


def press(world, cookie, **form):
    return asked(world, "POST", CARDS, cookie=cookie, form={**FORM, **form})


def link(page):
    """Return the link that a sheet shows in letters."""
    return re.search(r"tell\.springfield\.ex/s/(\w{13})<", page.body)[1]


def test_a_card_is_kept_by_its_hash_with_the_label_and_leads_to_the_survey(world, cookie):
    token = link(press(world, cookie))
    card = world.surveys.card(token_hash(token))

    assert (card.label, card.uses, card.expires_at) == ("3A12", 20, world.now + timedelta(days=30))
    assert show_survey(token, "en", world.city.ports, world.now).standing == "open"
    assert world.ledger.said == [("published", "a card for 20 answers")]


def test_the_sheet_has_eight_cards_in_both_languages_with_one_code_that_is_the_link(world, cookie):
    page = press(world, cookie)
    side, path = as_path(f"https://tell.springfield.ex/s/{link(page)}")

    assert page.body.count('class="card"') == 8
    assert page.body.count(f'viewBox="0 0 {side} {side}"') == page.body.count(f'd="{path}"') == 8
    assert page.body.count("How did we do?") == 8
    assert page.body.count("Good until December 20, 2026.") == 8
    assert page.body.count('lang="es"><b>') == 8


def test_the_path_has_the_dark_modules_of_the_code_and_no_other():
    side, path = as_path("https://tell.springfield.ex/s/0123456789abc")
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        dark |= {(int(x) + step, int(y)) for step in range(int(length))}
    wanted = segno.make_qr("https://tell.springfield.ex/s/0123456789abc", error="m").matrix

    assert side == len(wanted)
    assert dark == {(x, y) for y, row in enumerate(wanted) for x, module in enumerate(row) if module}


def test_the_link_is_shown_in_no_other_answer_and_no_address(world, cookie):
    page = press(world, cookie)
    token = link(page)

    assert token not in asked(world, "GET", CARDS, cookie=cookie).body
    assert token not in str(world.ledger.entries)
    assert token not in str(page.headers)
    assert "no-store" in page.headers["Cache-Control"]


def test_without_a_ledger_no_card_is_made(world, cookie):
    world.ledger.down = True
    answer = press(world, cookie)

    assert answer.status_code == 503
    assert "tell.springfield.ex" not in answer.body
    assert not world.city.ports.surveys._cards


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "x" * 25},
        {"uses": "0"},
        {"uses": "10001"},
        {"uses": "-1"},
        {"uses": "\u0663"},
        {"uses": ""},
        {"days": "367"},
        {"days": "1.5"},
    ],
)
def test_a_form_that_can_t_be_makes_nothing_and_keeps_what_was_typed(world, cookie, wrong):
    answer = press(world, cookie, **wrong)
    ((name, value),) = wrong.items()

    assert answer.status_code == 422
    assert 'class="problem"' in answer.body
    assert f'name="{name}"' in answer.body
    assert f'value="{value}"' in answer.body
    assert world.ledger.entries == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_makes_cards(world, role):
    other = world.signed_in(role)

    assert asked(world, "GET", CARDS, cookie=other).status_code == 403
    assert press(world, other).status_code == 403
    assert not world.city.ports.surveys._cards
