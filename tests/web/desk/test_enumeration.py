"""Nobody finds out by trying whether somebody called: not by answers, their lengths, or what they cost.

What an answer costs in calls of stores stands for how long it takes: a clock in a test measures the machine.
"""

import re
from typing import NamedTuple

import pytest

from chalicelib.domain.desk.permissions import Permission, Role, permitted
from chalicelib.web.desk.looks import SEARCHES_AN_HOUR
from chalicelib.web.desk.routes import ROUTES
from tests.factories import OTHER_PHONE, PHONE
from tests.web.desk.every import named, path_of
from tests.web.desk.full import EMAIL, full_desk
from tests.web.desk.world import asked, story

NOBODY = "+13035550188"
FIND = "/desk/springfield/find"
P = Permission
OF_PERSONS = {permission for permission in P if permission.startswith(("person.", "conversation."))}
"""Whoever has one of these may see persons on its pages, with a reason and a note."""

TEXTS = (
    "number",
    "incident",
    "typed",
    "about",
    "which",
    "message",
    "address",
    "name",
    "session",
    "digest",
    "code",
    "q",
)


class Seen(NamedTuple):
    """All that somebody can tell of an answer."""

    status: int
    length: int
    body: str
    headers: str
    calls: dict
    lines: int


def seen(world, cookie, method, path, fields):
    """Ask, and return what can be told of the answer, without what was asked for."""
    world.calls.clear()
    lines = len(world.ledger.entries)
    answer = asked(world, method, path, cookie=cookie, **{"query" if method == "GET" else "form": fields})
    calls, lines = dict(world.calls), len(world.ledger.entries) - lines
    headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}  # a new one is chance
    return Seen(answer.status_code, len(answer.body), unnamed(answer.body), unnamed(str(headers)), calls, lines)


def unnamed(text):
    """Return a text without what somebody typed, and without what is chance: a new key's secret, a new draft's name."""
    text = re.sub("<code[^>]*>[^<]*</code>", "<code></code>", text)
    text = re.sub('name="id" value="[a-z]{10}"', "", text)
    return re.sub(
        r"[0-9a-f]{64}|[0-9a-f]{12}|(%2B|\+)?1?(303)?-?(555)?-?0(123|188)|(ana|eva)(\.|%2E)ortiz", "NAME", text
    )


def written(phone):
    return f"{phone[2:5]}-{phone[5:8]}-{phone[8:]}"


def asks(world, phone):
    """Yield fields by which somebody may try for a person: in each field, and in one that stands for the person."""
    whole = named(world, phone)
    yield {**dict.fromkeys(TEXTS, written(phone)), "why": "complaint", "beat": "7"}
    yield {**dict.fromkeys(TEXTS, phone[-4:]), "why": "complaint", "beat": "7"}
    yield {**whole, "seen": "", "form": "F-1", "dated": "2026-11-01"}
    yield {**whole, "typed": phone, "about": phone, "incident": phone}


@pytest.fixture
def full(monkeypatch):
    return full_desk(monkeypatch)


def may_see(role, route):
    on_a_person = "/person" in route.path or "conversation" in route.path or route.permission in OF_PERSONS
    return on_a_person and route.permission in permitted((role,))


@pytest.mark.parametrize("role", Role)
def test_whoever_may_not_see_a_person_can_t_tell_somebody_from_nobody(monkeypatch, full, role):
    tried, worlds = 0, ()
    for route in ROUTES:
        if may_see(role, route) or route.permission in (P.ANYBODY, P.SIGNED_IN):
            continue
        for place in range(len(list(asks(full, PHONE)))):
            worlds = worlds or (full_desk(monkeypatch), full_desk(monkeypatch))
            told = []
            for world, phone in zip(worlds, (NOBODY, PHONE), strict=True):
                cookie = world.signed_in(role, agencies=("springfield",))
                told.append(seen(world, cookie, route.method, path_of(route), list(asks(world, phone))[place]))
            assert told[0] == told[1], (route.method, route.path, place)
            tried += 1
            if route.method == "POST" and route.permission in permitted((role,)):
                worlds = ()  # what one does must not meet what another did

    assert tried > 100


@pytest.mark.parametrize("how", ["signed out", "locked", "on the wall", "of another agency"])
def test_whoever_is_not_let_in_can_t_tell_somebody_from_nobody(full, how):
    for route in ROUTES:
        if route.permission in (P.ANYBODY, P.SIGNED_IN):
            continue
        for nobody, somebody in zip(asks(full, NOBODY), asks(full, PHONE), strict=True):
            asked_for = (nobody, nobody, somebody)
            told = [seen(full, standing(full, how), route.method, path_of(route), one) for one in asked_for]
            assert told[1] == told[2], (route.method, route.path, somebody)
            assert told[2].status in ((200, 401, 403) if how == "on the wall" else (401, 403))


def standing(world, how):
    """Return the cookie of somebody who may not go on."""
    if how == "locked":
        return world.signed_in(*Role, acted_at=world.now.replace(hour=1))
    if how == "on the wall":
        return world.signed_in(*Role, wall=True, wall_at="springfield")
    return world.signed_in(*Role, where="other") if how == "of another agency" else ""


TYPED = {
    "a phone": (written(PHONE), written(NOBODY)),
    "a bare phone": (PHONE[2:], NOBODY[2:]),
    "last digits": (PHONE[-4:], NOBODY[-4:]),
    "an email": (EMAIL, EMAIL.replace("ana", "eva")),
}


@pytest.mark.parametrize("name", TYPED)
def test_over_the_limit_of_searches_somebody_and_nobody_look_alike(full, name):
    somebody, nobody = TYPED[name]
    told = []
    for typed in (nobody, somebody):
        world = full
        cookie = world.signed_in("supervisor", subject=typed)
        for number in range(SEARCHES_AN_HOUR + 1):
            form = {"typed": f"303-555-01{number:02}", "why": "complaint"}
            last = asked(world, "POST", FIND, cookie=cookie, form=form)
        assert last.status_code == 429
        told.append(seen(world, cookie, "POST", FIND, {"typed": typed, "why": "complaint", "beat": "7"}))

    assert told[0] == told[1]
    assert told[0].status == 429


@pytest.mark.parametrize("given", [{}, {"why": "nosy"}, {"why": "court"}, {"why": "complaint", "since": "x"}])
@pytest.mark.parametrize("name", TYPED)
def test_without_a_reason_or_a_time_somebody_and_nobody_look_alike(full, name, given):
    cookie = full.signed_in("supervisor", "records", "advocate")
    told = [seen(full, cookie, "POST", FIND, {"typed": typed, **given}) for typed in TYPED[name]]

    assert told[0] == told[1]
    assert told[0].status == 422


@pytest.mark.parametrize("beat", ["", "8"])
def test_last_digits_of_another_beat_or_day_look_like_those_of_nobody_and_cost_the_same(full, beat):
    story(full, "P26-8", beat="7")
    story(full, "P26-9", beat="8", parties={})
    cookie = full.signed_in("supervisor")
    form = {"why": "complaint", "beat": beat}
    told = [seen(full, cookie, "POST", FIND, {"typed": typed, **form}) for typed in TYPED["last digits"]]

    assert told[0] == told[1]


@pytest.mark.parametrize("name", TYPED)
def test_who_called_another_agency_is_nobody_here(full, name):
    cookie = full.signed_in(*Role, where="other")
    form = {"why": "complaint", "beat": "7"}
    there = FIND.replace("springfield", "shelbyville")
    told = [seen(full, cookie, "POST", there, {"typed": typed, **form}) for typed in TYPED[name]]

    assert told[0] == told[1]


@pytest.mark.parametrize("name", TYPED)
def test_a_form_s_answer_does_not_tell_somebody_from_nobody_before_the_look_is_noted(full, name):
    """Where a phone leads to a page, the form's answer is the same for all: the look itself is noted, by its page."""
    cookie = full.signed_in("supervisor")
    told = [seen(full, cookie, "POST", FIND, {"typed": typed, "why": "complaint"}) for typed in TYPED[name]]

    assert told[0] == told[1]
    assert told[0].lines == 0


LOOKS = {
    "find": ("GET", "find"),
    "file": ("GET", "find-file"),
    "person": ("GET", "person"),
    "reveal": ("POST", "person-reveal"),
    "export": ("POST", "person-export"),
    "conversation": ("GET", "conversation"),
}


SAYS_SO = ("person", "reveal")
"""The pages that say of somebody that looks tell the auditor, to those who may see the whole person."""


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_at_somebody_protected_costs_what_any_look_costs_and_shows_no_more(full, name):
    cookie = full.signed_in("supervisor", "advocate", "records")
    method, page = LOOKS[name]
    fields = named(full)
    before = seen(full, cookie, method, f"/desk/springfield/{page}", fields)
    full.contacts.protected.put("springfield", full.contacts.reference(PHONE), "R. Lead", full.now)
    after = seen(full, cookie, method, f"/desk/springfield/{page}", fields)

    assert after.calls == before.calls
    assert (before.lines, after.lines) == (1, 2)
    assert (after.status, after.headers) == (before.status, before.headers)
    if name in SAYS_SO:
        assert "Each look tells the auditor" in after.body
    else:
        assert after.body == before.body


def test_the_protected_person_of_another_agency_is_nobody_here(full):
    cookie = full.signed_in(*Role, where="other")
    person = full.contacts.reference(OTHER_PHONE)
    fields = named(full, OTHER_PHONE)
    before = seen(full, cookie, "GET", "/desk/shelbyville/find", fields)
    full.contacts.protected.put("springfield", person, "R. Lead", full.now)

    assert seen(full, cookie, "GET", "/desk/shelbyville/find", fields) == before
