"""A second agency that goes live in a city that runs: its desk, its roles, and each route of one with the other's."""

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import Role, permitted
from chalicelib.domain.desk.session import Session
from chalicelib.domain.settings.desk import Desk
from chalicelib.web.desk.cookies import SESSION
from chalicelib.web.desk.routes import ROUTES
from tests.waiting import wait_until
from tests.web.desk.test_door import needed
from tests.whole.by_http import HttpBrowser
from tests.whole.desk import person
from tests.whole.people import now

pytestmark = pytest.mark.whole

OF_AN_AGENCY = [route for route in ROUTES if "{agency_id}" in route.path]
NOT_THEIRS = (401, 403)


@pytest.fixture(scope="module")
def second(stack, inside):
    """Publish an agency, live, while the city's own works on; wait until the desk knows it."""
    ours = inside.aws.settings.agency(stack.agency_id)
    name = f"b{uuid4().hex[:8]}"
    desk = Desk(claim="cognito:groups", roles={f"{name}-{role}": (role,) for role in Role})
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    made = replace(
        ours, agency_id=name, name="Shelbyville Police", short_name="Shelbyville PD", numbers=numbers, desk=desk
    )
    published = inside.aws.settings.publish(made, "local", "a second agency", now())
    browser = seated(stack, inside, f"{name}-{Role.SUPERVISOR}")
    assert wait_until(lambda: browser.status(name) == 200)
    return published


def seated(stack, inside, *groups):
    """Return the browser of somebody who is signed in with these groups."""
    browser, at = HttpBrowser(stack), now()
    browser.cookies[SESSION] = uuid4().hex
    session = Session(
        hash=hashed(browser.session),
        issuer="https://idp.example",
        subject=uuid4().hex,
        name="Dana Ruiz",
        groups={"cognito:groups": groups},
        began_at=at,
        acted_at=at,
        signed_in_at=at,
    )
    inside.aws.sessions.open(session, at + timedelta(hours=12))
    return browser


def answers(agency_id, sit):
    """Return how the desk answers somebody on each route of an agency; nothing is filled in."""
    found, browser = {}, sit()
    for route in OF_AN_AGENCY:
        page, cookie = route.path.removeprefix("/desk/").replace("{agency_id}", agency_id), browser.session
        found[route.method, route.path] = browser.ask(route.method, page)
        if browser.session != cookie:  # a browser that became a wall screen is nobody's any more
            browser = sit()
    return found


def timeless(text):
    """Return a page without the milliseconds at which it was made."""
    return re.sub(r'"\d{13}"', "", text)


def pauses(inside, agency_id):
    return inside.aws.settings.conditions(agency_id).pauses


def noted(inside, agency_id, began):
    return [one.by for one in inside.aws.ledger.noted(agency_id, began, now())]


@pytest.mark.parametrize("role", Role)
def test_each_role_of_the_second_agency_has_there_what_the_table_says_and_nothing_at_the_first(
    stack, inside, second, role
):
    sit, before = partial(seated, stack, inside, f"{second.agency_id}-{role}"), pauses(inside, stack.agency_id)
    own, others = answers(second.agency_id, sit), answers(stack.agency_id, sit)

    for route in OF_AN_AGENCY:
        name = (route.method, route.path)
        assert (own[name].status_code not in NOT_THEIRS) == (needed(route) <= permitted([role])), name
        assert own[name].status_code < 500, name
        assert others[name].status_code == 403, name
        assert "Springfield" not in others[name].text, name
    assert pauses(inside, stack.agency_id) == before


def test_all_roles_of_the_first_agency_together_have_nothing_at_the_second_nor_know_that_it_is_there(
    stack, inside, second
):
    sit, began = partial(seated, stack, inside, *(role.value for role in Role)), now()
    before = pauses(inside, second.agency_id)
    there, nowhere = answers(second.agency_id, sit), answers("atlantis", sit)

    assert {answer.status_code for answer in there.values()} == {403}
    for name, answer in there.items():
        assert timeless(answer.text).replace(second.agency_id, "atlantis") == timeless(nowhere[name].text)
    assert pauses(inside, second.agency_id) == before
    assert noted(inside, second.agency_id, began) == []


def test_a_person_of_the_first_signs_in_by_cognito_and_is_nobody_at_the_second(stack, inside, second):
    browser = HttpBrowser(stack)
    browser.sign_in(person(stack, Role.SUPERVISOR), target=f"/desk/{second.agency_id}")

    assert browser.status(second.agency_id) == 403
    assert browser.status(stack.agency_id) == 200


def test_what_one_agency_pauses_the_other_sends(stack, inside, second):
    browser, began = seated(stack, inside, f"{second.agency_id}-{Role.SUPERVISOR}"), now()
    first = pauses(inside, stack.agency_id)
    browser.ask("POST", f"{second.agency_id}/pause", data={"what": "type:NOISE"})

    assert "NOISE" in {one.which for one in pauses(inside, second.agency_id)}
    assert pauses(inside, stack.agency_id) == first
    (who,) = noted(inside, second.agency_id, began)
    assert who not in noted(inside, stack.agency_id, began)
