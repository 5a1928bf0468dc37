"""No person is in a list, a title, an address, a log or a cache; and each page states what it may cost."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.notifications.pause import Pause
from chalicelib.web.desk.routes import ROUTES
from tests.factories import OTHER_PHONE, PHONE, caller
from tests.web.desk.every import named, path_of
from tests.web.desk.full import full_desk
from tests.web.desk.valid import Page
from tests.web.desk.world import asked, story

EMAIL = "ana.ortiz@people.example"
PRIVATE = re.compile(r"5550123|5550124|555.0123|555.0124|ana.ortiz")


@pytest.fixture
def busy(world):
    """Return a desk with everything on it that could name a person."""
    for number in range(3):
        at = {"1": caller(PHONE, email=EMAIL), "2": caller(OTHER_PHONE)}
        story(world, f"P26-{number}", parties=at, minutes=20 + number)
    waits = [
        Waiting(
            agency_id="springfield",
            cause=cause,
            about=f"a{cause}",
            since=world.now,
            incident_number="P26-1",
            called="P26-1",
        )
        for cause in Cause
    ]
    world.attention.note("springfield", Attention(tuple(waits)))
    world.settings._port.pauses = (Pause(of="beat", which="7", author="R. Lead", reason="storm", at=world.now),)
    return world


def every_page(world):
    for route in ROUTES:
        cookie = world.signed_in(*Role)  # some routes end it
        path = route.path.replace("{agency_id}", "springfield").replace("{name}", "live.js")
        if not route.while_locked:
            yield asked(world, route.method, path, cookie=cookie, query={"number": "P26-1"})
    cookie = world.signed_in(*Role)
    for typed in (PHONE, "303-555-0123", EMAIL):
        yield asked(world, "POST", "/desk/springfield/incident", cookie=cookie, form={"number": typed})
        yield asked(world, "POST", "/desk/springfield/pause", cookie=cookie, form={"incident": typed})


def test_no_person_is_in_what_any_page_shows_links_to_or_says_to_a_cache(busy):
    found = 0
    for answer in every_page(busy):
        page = re.sub(r' value="[^"]*"', "", answer.body)
        assert not PRIVATE.search(page.replace("555-0100", "")), PRIVATE.search(page)
        assert not PRIVATE.search(str(answer.headers))
        assert not [link for link in Page(answer.body).links if PRIVATE.search(link)] if "<main" in page else True
        found += "P26-1" in page
    assert found >= 3


def test_no_person_is_in_the_ledger_or_in_a_log(busy, caplog, capfd):
    list(every_page(busy))
    said = [str(record.__dict__) for record in caplog.records] + [capfd.readouterr().out]

    assert len(busy.ledger.entries) >= 3
    assert not PRIVATE.search(str(busy.ledger.entries))
    assert not PRIVATE.search("".join(said))


WHOLE = {"/reveal", "/person-reveal", "/person-export", "/conversation"}
"""Forms and pages that show a person whole, or what they wrote, on that answer alone: it is noted first."""


@pytest.fixture
def whole(monkeypatch):
    return full_desk(monkeypatch)


def every_answer(world):
    """Yield each route's answers to whoever names a person in each way that there is."""
    keyed = named(world)
    typed = dict.fromkeys(("number", "typed", "about", "incident", "which", "name", "address", "session"), PHONE)
    emails = dict.fromkeys(typed, EMAIL)
    for route in ROUTES:
        for fields in (keyed, {**keyed, "of": ""}, {**typed, "why": "complaint"}, {**emails, "why": "complaint"}, {}):
            cookie = world.signed_in(*Role, agencies=("springfield",))
            given = {"query": fields} if route.method == "GET" else {"form": fields}
            yield route, asked(world, route.method, path_of(route), cookie=cookie, **given)


def shows_a_person(answer):
    """Return where an answer names a person; a field of a form keeps what was typed."""
    return PRIVATE.search(re.sub(r' value="[^"]*"', "", answer.body))


def test_on_a_full_desk_no_person_is_in_a_list_a_title_an_address_a_file_or_a_cache(whole):
    named_in = set()
    for route, answer in every_answer(whole):
        page, shown = Page(answer.body), shows_a_person(answer)
        assert not PRIVATE.search(str(answer.headers)), route.path
        assert not PRIVATE.search(" ".join([*page.titles, *page.headings, *page.links])), route.path
        if "{name}" not in route.path:
            assert answer.headers["Cache-Control"] == "no-store", route.path
        if shown:
            named_in.add(route.path.removeprefix("/desk/{agency_id}"))
            assert route.path.removeprefix("/desk/{agency_id}") in WHOLE, (route.method, route.path, shown)

    assert named_in == {"/reveal", "/person-reveal", "/person-export"}


def test_on_a_full_desk_no_person_is_in_the_ledger_or_in_a_log(whole, caplog, capfd):
    lines = len(whole.ledger.entries)
    list(every_answer(whole))
    said = [str(record.__dict__) for record in caplog.records] + [capfd.readouterr().out]

    assert len(whole.ledger.entries) > lines + 50
    assert not PRIVATE.search(str(whole.ledger.entries) + str(whole.ledger.book.entries))
    assert not PRIVATE.search("".join(said))


COSTS = {
    "GET /desk": {"sessions.find": 1, "settings.desks": 1},
    "GET /desk/sessions": {"sessions.find": 1, "sessions.of": 1},
    "GET /desk/springfield": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "settings.signed": 1,
        "attention.of": 1,
        "recent.of": 1,
    },
    "GET /desk/springfield/waiting": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "settings.signed": 1,
        "attention.of": 1,
    },
    "GET /desk/springfield/pause": {"sessions.find": 1, "settings.conditions": 1, "recent.of": 1},
    "POST /desk/springfield/pause": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "settings.pause": 1,
        "ledger.note": 1,
    },
    "GET /desk/springfield/resume": {"sessions.find": 1, "settings.conditions": 1},
    "GET /desk/springfield/incident?P26-1": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "ledger.note": 1,
        "incidents.load": 3,
        "incidents.story": 1,
        "contacts.reference": 2,
        "conversations.answers": 1,
        "follow_ups.of": 1,
        "settings.history": 1,
    },
    "GET /desk/springfield/waits": {"sessions.find": 1, "settings.conditions": 1, "attention.of": 1},
    "POST /desk/springfield/take": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "settings.signed": 1,
        "attention.of": 2,
        "recent.of": 1,
    },
    "GET /desk/springfield/wall": {"sessions.find": 1, "settings.conditions": 1},
    "POST /desk/springfield/wall": {
        "sessions.find": 1,
        "ledger.note": 1,
        "sessions.open": 1,
        "sessions.close": 1,
    },
    "GET /desk/springfield/held": {"sessions.find": 1, "settings.conditions": 1, "attention.of": 1, "ledger.since": 1},
    "GET /desk/springfield/approvals": {"sessions.find": 1, "settings.conditions": 1, "ledger.since": 1},
    "GET /desk/springfield/judge": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "judging.values": 1,
        "judging.drafts": 1,
    },
    "GET /desk/springfield/judge/review": {
        "sessions.find": 1,
        "settings.conditions": 1,
        "judging.values": 1,
        "judging.drafts": 1,
    },
    "GET /desk/sign-in": {},
    "POST /desk/sign-in": {"sessions.begin": 1, "sessions.find": 1},
}
"""The calls of each page, without what a container keeps: settings for a minute, a version's author for good."""

KEPT = {"settings.agency"}


@pytest.mark.parametrize("page", COSTS)
def test_a_page_makes_so_many_calls_and_no_more_whatever_is_stored(world, page):
    for number in range(12):
        story(world, f"P26-{number}", minutes=25)
    cookie = world.signed_in("supervisor", "words", "approver")
    method, path = page.split(" ")
    path, _, number = path.partition("?")
    world.calls.clear()

    answer = asked(world, method, path, cookie=cookie, query={"number": number} if number else None)

    assert answer.status_code < (410 if path.endswith("/take") else 400)  # nothing waits: it says so on Now
    assert {name: calls for name, calls in world.calls.items() if name not in KEPT} == COSTS[page]


def test_a_page_that_renews_the_session_writes_once(world):
    cookie = world.signed_in("supervisor")
    world.now += timedelta(minutes=2)
    world.calls.clear()
    asked(world, "GET", "/desk/springfield", cookie=cookie)

    assert world.calls["sessions.acted"] == 1
