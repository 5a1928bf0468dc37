"""No page changes what is stored, whatever stands in its address; and what is not ours is as if it were not there."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.approval import digest
from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.unjudged import value_id
from chalicelib.domain.surveys.comment_release import in_address
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.insight.drafts import terminal
from chalicelib.web.desk.routes import ROUTES
from tests.factories import PHONE
from tests.web.desk.full import EMAIL, NUISANCE, full_desk, stored
from tests.web.desk.world import asked, key

PAGES = sorted(route.path for route in ROUTES if route.method == "GET" and route.path != "/desk/signed-in")
"""All but the way back from signing in, which opens a session of the person who began it."""

PRIVATE = re.compile("5550123|555-0123|ana.ortiz")
KEYED = "keyed hash of the person"
GIVEN = {
    "number": ["P26-1", "=P26-1", "P26-2", PHONE],
    "of": [KEYED, "f" * 64, "agency", "beat", *(f"first of {desk}" for desk in Desk)],
    "with": [KEYED, "f" * 64],
    "why": ["complaint", "decided", "nosy"],
    "ticket": ["T-1"],
    "name": ["cad-1", "cad-2"],
    "act": ["remove", "read", "all"],
    "what": ["agency", "mass_call"],
    "which": ["7", ""],
    "done": ["silenced", "released"],
    "cause": ["danger", "held"],
    "about": ["a1"],
    "message": ["springfield/P26-4/acknowledgment/1/0"],
    "everywhere": ["yes"],
    "scope": ["all"],
    "days": ["7"],
    "drill": ["danger first"],
    "typed": ["0123", PHONE],
    "beat": ["7", ""],
    "from": ["2026-11-01", "x"],
    "to": ["2026-11-30"],
    "since": ["2026-11-01T01:30"],
    "until": ["2026-11-01T24:00"],
    "after": ["1", "9-x", "reply#2026-11-21T18:00:00+00:00#" + "f" * 64],
    "at": ["2026-11-21T17:55:00+00:00", "9999-12-31T23:59:59+00:00", "x"],
    f"v.{value_id(NUISANCE)}": ["never", "dull", "approve"],
    "lang": ["es", "en", "xx"],
    "session": ["x"],
    "answer": ["seen:x"],
    "kind": ["call", "acknowledgment", "x"],
    "state": ["sent", "x"],
    "reason": ["paused", "complaint"],
    "who": ["f" * 32],
    "for": ["public"],
    "id": ["draftswrit", "draftsaske", "draftssche", "none"],
    "version": ["1", "x", "2026Q3.0001"],
    "quarter": ["2026Q3", "2026Q2", "x"],
}
ADDRESS = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in GIVEN.items()})


@pytest.fixture
def full(monkeypatch):
    return full_desk(monkeypatch)


def _meant(world, told):
    if told.startswith("first of "):
        return world.follow_ups.of("springfield", told.removeprefix("first of "))[0].id
    return world.contacts.reference(PHONE).keyed_hash if told == KEYED else told


@pytest.mark.parametrize("page", PAGES)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=ADDRESS, wall=st.booleans())
def test_no_address_changes_anything_or_breaks_a_page(full, page, query, wall):
    cookie = full.signed_in(*Role, wall=wall, wall_at="springfield" if wall else "")
    query = {name: _meant(full, told) for name, told in query.items()}
    path = page.replace("{agency_id}", "springfield").replace("{name}", "live.js")
    before = stored(full)
    answer = asked(full, "GET", path, cookie=cookie, query=query)

    assert stored(full) == before
    assert answer.status_code < 500, answer.body
    assert not PRIVATE.search(re.sub(' value="[^"]*"', "", answer.body))  # a form keeps what was typed
    assert not PRIVATE.search(str(answer.headers))


def told_of(world, method, path, asks):
    """Return the answer to whoever asks about something, with what they named taken out of it, and what it cost."""
    cookie = world.signed_in(*Role, where="other")
    world.calls.clear()
    answer = asked(world, method, path, cookie=cookie, **{"query" if method == "GET" else "form": asks})
    return answer.status_code, _unnamed(answer.headers.get("Location", "")), _unnamed(answer.body), dict(world.calls)


def _unnamed(text):
    names = r"[0-9a-f]{64}|\b[0-9a-f]{32}\b|\b[0-9a-f]{12}\b|[g-p]{4}-[g-p]{2}-[g-p]{2}\.[a-p]+"
    marks = rf"(P26|cad)-[0-9]|drafts[a-z]{{4}}|{names}"
    return re.sub(marks, "NAME", text.replace("%23", "#"))


THERE = "/desk/shelbyville"


def cases(world):
    """Return what of Springfield somebody of Shelbyville asks for, and the like of it that nobody has."""
    mine, nobody, why = world.contacts.reference(PHONE).keyed_hash, "e" * 64, {"why": "complaint"}
    message = next(iter(world.incidents.load(key("P26-4")).rows)).id
    proposal = world.ledger.book.entries[0].digest
    settings = digest(terminal.at_terminal(world, "springfield", world.now)[0].act)
    session = world.sessions.find(hashed("ours")).pseudonym
    at = "2026-11-21T17:55:00+00:00"
    crowd, seen = {"what": "mass_call", "of": "x", "why": "decided"}, {"at": at, "answer": "seen:x"}
    yield from (
        ("GET", "incident", {"number": "P26-1"}, {"number": "P26-9"}),
        ("GET", "incident", {"number": "=P26-1"}, {"number": "=P26-9"}),
        ("POST", "incident", {"number": "P26-1"}, {"number": "P26-9"}),
        ("POST", "silence", {"number": "P26-1"}, {"number": "P26-9"}),
        ("POST", "reveal", {"number": "P26-1", **why}, {"number": "P26-9", **why}),
        ("POST", "cancel", {"number": "P26-4", "message": message}, {"number": "P26-9", "message": "x/y"}),
        ("POST", "release", {"number": "P26-2", **crowd}, {"number": "P26-9", **crowd}),
        ("POST", "approvals", {"digest": proposal}, {"digest": "0" * len(proposal)}),
        ("POST", "key", {"name": "cad-1", "act": "remove"}, {"name": "cad-9", "act": "remove"}),
        ("GET", "key", {"name": "cad-1"}, {"name": "cad-9"}),
        ("POST", "sessions", {"session": session}, {"session": "0" * len(session)}),
        ("GET", "conversation", {"with": mine}, {"with": nobody}),
        ("GET", "conversation", {"with": mine, "at": at}, {"with": nobody, "at": at}),
        ("POST", "conversation", {"with": mine, "at": at}, {"with": nobody, "at": at}),
        ("POST", "conversation-answer", {"with": mine, **seen}, {"with": nobody, **seen}),
        ("GET", "conversations", {"after": f"reply#{at}#{mine}"}, {"after": f"reply#{at}#{nobody}"}),
        ("GET", "person", {"of": mine, **why}, {"of": nobody, **why}),
        ("GET", "find", {"of": mine, **why}, {"of": nobody, **why}),
        ("GET", "find-file", {"of": mine, **why}, {"of": nobody, **why}),
        ("POST", "find", {"typed": "303-555-0123", **why}, {"typed": "303-555-0188", **why}),
        ("POST", "find", {"typed": EMAIL, **why}, {"typed": "ben.ortiz@people.example", **why}),
        ("POST", "find", {"typed": "P26-1", **why}, {"typed": "P26-9", **why}),
        ("POST", "take", {"cause": "danger", "about": "a1"}, {"cause": "danger", "about": "a9"}),
        ("POST", "ledger", {"about": "P26-1"}, {"about": "P26-9"}),
        ("GET", "drafts/edit", {"id": "draftswrit"}, {"id": "draftsnone"}),
        ("GET", "drafts/review", {"id": "draftsaske"}, {"id": "draftsnone"}),
        ("GET", "drafts/week", {"id": "draftsaske"}, {"id": "draftsnone"}),
        ("GET", "drafts/week-result", {"id": "draftsaske"}, {"id": "draftsnone"}),
        ("POST", "drafts/week", {"id": "draftsaske"}, {"id": "draftsnone"}),
        ("POST", "drafts/review", {"id": "draftsaske", "act": "approve"}, {"id": "draftsnone", "act": "approve"}),
        ("POST", "drafts/cancel", {"id": "draftssche"}, {"id": "draftsnone"}),
        ("GET", "drafts/scenarios", {"id": "draftsaske"}, {"id": "draftsnone"}),
        ("POST", "drafts/scenarios", {"id": "draftsaske"}, {"id": "draftsnone"}),
        ("POST", "drafts/scenario", {"name": "a-call", "act": "remove"}, {"name": "none", "act": "remove"}),
        ("GET", "drafts/phone", {"id": "draftswrit"}, {"id": "draftsnone"}),
        ("POST", "drafts/phone", {"id": "draftswrit", "act": "code"}, {"id": "draftsnone", "act": "code"}),
        ("GET", "drafts/proposal", {"id": settings}, {"id": "f" * 32}),
        ("POST", "drafts/proposal", {"id": settings}, {"id": "f" * 32}),
        ("GET", "ledger", {"about": "incident P26-3"}, {"about": "incident P26-8"}),
    )  # fmt: skip
    for desk, page in (("supervisors", "follow-up"), ("standards", "allegation"), ("alerts", "alert")):
        one, other = world.follow_ups.of("springfield", desk)[0].id, "0" * 12
        acts = {"act": "close", "outcome": "spoke", "seen": "x"}
        yield "GET", page, {"of": one}, {"of": other}
        yield "POST", page, {"of": one, **acts}, {"of": other, **acts}
        yield "GET", f"{page}-phone", {"of": one}, {"of": other}
        yield "POST", f"{page}-phone", {"of": one, **why}, {"of": other, **why}
    thanks = world.follow_ups.of("springfield", "unit")[0].id
    yield "GET", "thanks/card", {"of": thanks}, {"of": "0" * 12}
    comment, none = in_address(world.comments.page("springfield", "new", 1)[0][0].place), "igim-hh-ih.abc"
    yield "GET", "comment", {"of": comment}, {"of": none}
    for act in ("release", "hold", "approve"):
        yield "POST", "comment", {"of": comment, "act": act}, {"of": none, "act": act}
    for act in ("reveal", "export", "hold", "unsilence", "opt-in", "lift", "erase", "unprotect"):
        more = {"seen": "", "form": "F-1", "dated": "2026-11-01"}
        yield "GET", f"person-{act}", {"of": mine}, {"of": nobody}
        yield "POST", f"person-{act}", {"of": mine, **why, **more}, {"of": nobody, **why, **more}


def test_what_is_another_agency_s_has_the_answer_of_what_nobody_has(full):
    full.signed_in("watch", cookie="ours", agencies=("springfield",))
    full.signed_in(*Role, where="other")
    before = stored(full)
    for method, page, ours, unknown in cases(full):
        path = f"{THERE}/{page}"
        assert told_of(full, method, path, ours) == told_of(full, method, path, unknown), (method, page)
    assert [one for one in full.ledger.entries if one.agency_id == "springfield"] == []
    assert stored(full) == before
