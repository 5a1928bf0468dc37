"""Every form of the desk is a brake, which works without a ledger, or something that is not done without one."""

import re
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import both, digest
from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import Role, permitted
from chalicelib.domain.desk.to_sign import subjects
from chalicelib.domain.desk.unjudged import value_id
from chalicelib.domain.surveys.comment_release import in_address
from chalicelib.insight.approval.reporting import propose_report
from chalicelib.insight.drafts import terminal
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.results.report import made
from chalicelib.insight.templates import templates_of
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.noting import acting
from chalicelib.web.desk.routes import ROUTES, find
from tests.factories import OTHER_PHONE, PHONE
from tests.web.desk.full import ANN, BOB, DRAFTED, NUISANCE, SCENARIO, full_desk, stored
from tests.web.desk.judging import answer
from tests.web.desk.surveyed import PRAISES, WISHES, wrote
from tests.web.desk.test_now import Down
from tests.web.desk.world import asked

HERE = "/desk/springfield"
WHY = {"why": "complaint"}
Q3 = Quarter(2026, 3)


class Does(Enum):
    """What a form does to what people are told or shown."""

    BRAKES = 1  # done whatever state the ledger is in
    WIDENS = 2  # not done where it can't be noted
    SHOWS = 3  # stores nothing; shows nothing where it can't be noted
    ENDS_A_PAGE = 5  # lets nobody be paged any more: not done where it can't be noted
    LEADS = 4  # stores nothing and shows nobody: it leads to a page


class Act(NamedTuple):
    """One thing that a form can do: `form` makes it, from the desk as it is."""

    path: str
    does: Does
    form: Callable[[Any, str], dict[str, str]]


def fields(world, cookie, path, action, mark="", **query):
    """Return the hidden fields of a form of a page: the one that has a mark."""
    body = asked(world, "GET", f"{HERE}/{path}", cookie=cookie, query=query).body
    form = next(one for one in body.split("<form")[1:] if f'action="{HERE}/{action}"' in one and mark in one)
    form = form.split("</form>")[0]
    return dict(re.findall(r'name="([\w.]+)" value="([^"]*)"', form))


def of(world, phone=PHONE):
    return world.contacts.reference(phone).keyed_hash


def person(name, phone=PHONE, **more):
    def form(world, cookie):
        seen = asked(world, "GET", f"{HERE}/person-{name}", cookie=cookie, query={"of": of(world, phone)}).body
        given = dict(re.findall(r'name="(seen)" value="([^"]*)"', seen))
        return {"of": of(world, phone), **WHY, **given, **more}

    return form


def fixed(**form):
    return lambda world, cookie: form


def resume(world, cookie):
    (one,) = world.settings._port.pauses
    return {"of": one.of, "which": one.which, "at": one.at.isoformat()}


def message(world, cookie):
    return fields(world, cookie, "incident", "cancel", number="P26-4")


def held(number):
    return lambda world, cookie: {**fields(world, cookie, "held", "release", f'value="{number}"'), "why": "decided"}


def proposal(**more):
    return lambda world, cookie: {"digest": fields(world, cookie, "approvals", "approvals")["digest"], **more}


def a_key(act):
    def form(world, cookie):
        return {"name": "cad-1", "act": act, "version": world.key_ring.look().version}

    return form


def reply(action):
    return lambda world, cookie: fields(world, cookie, "conversation", action, **{"with": of(world)})


def judged(verdict, **more):
    return lambda world, cookie: answer(value_id(NUISANCE), verdict, **more)


def decided(verdict, **more):
    name = value_id(DRAFTED)
    return lambda world, cookie: {**fields(world, cookie, "judge/review", "judge/review"), f"v.{name}": verdict, **more}


def draft(name, **more):
    """Return a form about a draft of Ann's, as the pages have it."""

    def form(world, cookie):
        one = world.drafts.find("springfield", f"drafts{name[:4]}")
        over = str(world.settings.agency("springfield").version)
        return {"id": one.id, "number": str(one.number), "text": one.text, "over": over, **more}

    return form


def at_terminal(**more):
    """Return a form about the settings that somebody proposed at a terminal."""

    def form(world, cookie):
        (one,) = terminal.at_terminal(world, "springfield", world.now)
        return {"id": digest(one.act), **more}

    return form


def to_restore(world, _):
    """Return a form that restores a version of two people, after one person narrowed it."""
    ours, two = world.settings.agency("springfield"), both(ANN.written, BOB.written)
    known = world.settings.publish(ours, two, "by two", world.now)
    now = world.settings.publish(replace(ours, mass_call=ours.mass_call - 1), ANN.written, "by one", world.now)
    return {"version": str(known.version), "over": str(now.version)}


def edited(act, **more):
    """Return a form of somebody who edits a draft of their own."""

    def form(world, cookie):
        one = world.drafts.find("springfield", "draftswrit")
        me = acting(world.sessions.find(hashed(cookie)))
        one = world.drafts.write("springfield", replace(one, editor=me, authors=(me,)))
        told = world.drafts.text("springfield", one.text)
        return {"id": one.id, "number": str(one.number), "comment": "why", "act": act, "text": f"# new\n{told}", **more}

    return form


def own_phone(act, **more):
    """Return a form about one's own phone, of a draft that Ann writes."""
    return lambda world, cookie: {"id": "draftswrit", "kind": "delay", "act": act, "name": "a" * 32, **more}


def proven(world, cookie):
    """Let somebody have shown that a phone is theirs, and return the code that went there."""
    press(world, ACTS["ask for a code"], own_phone("code", phone="303-555-0171")(world, cookie))
    (order,) = world.queue.orders
    return order.body.partition(": ")[2][:6]


def entering(world, cookie):
    return own_phone("enter", code=proven(world, cookie))(world, cookie)


def tried(world, cookie):
    press(world, ACTS["enter a code"], entering(world, cookie))
    return own_phone("send", text="words.en.sms.delay")(world, cookie)


def to_sign(begins):
    """Return a form that signs the first thing whose name begins so, as it reads now."""

    def form(world, cookie):
        ours = world.settings.agency("springfield")
        one = next(one for one in subjects(ours, templates_of(ours)) if one.name.startswith(begins))
        return {"name": one.name, "of": one.of, "act": "sign"}

    return form


def session(world, cookie):
    found = world.sessions.at("springfield", world.now.replace(year=2020), 9)
    return {"session": next(one.pseudonym for one in found if one.hash != hashed(cookie))}


def follow_up(desk, page, mark, **more):
    def form(world, cookie):
        (one, *_) = world.follow_ups.of("springfield", desk)
        return {**fields(world, cookie, page, page, f'value="{mark}"', of=one.id), **more}

    return form


def of_comment(words, act, **more):
    def form(world, cookie):
        of = in_address(wrote(world, words).listed.place)
        body = asked(world, "GET", f"{HERE}/comment", cookie=cookie, query={"of": of}).body
        found = dict(re.findall(r'type="hidden" name="(of|seen|digest)" value="([^"]*)"', body))
        return {**found, "act": act, **more}

    return form


def of_report(mark):
    """Return the form of the quarter's report that has a mark; Ann has proposed it where somebody else decides."""

    def form(world, cookie):
        if mark != "propose":
            propose_report(world, "springfield", "2026Q3", made(world, "springfield", Q3).of, ANN, world.now)
        return fields(world, cookie, "report", "report/release", f'value="{mark}"')

    return form


def of_follow_up(desk):
    return lambda world, cookie: {"of": world.follow_ups.of("springfield", desk)[0].id, **WHY}


B, W, S, L, E = Does.BRAKES, Does.WIDENS, Does.SHOWS, Does.LEADS, Does.ENDS_A_PAGE
ACTS = {
    "sign out": Act("/desk/sign-out", B, fixed()),
    "sign out everywhere": Act("/desk/sign-out", B, fixed(everywhere="yes")),
    "end one's own session": Act("/desk/sessions", B, session),
    "end another's session": Act(f"{HERE}/sessions", B, session),
    "end all of another's sessions": Act(
        f"{HERE}/sessions", B, lambda world, cookie: {**session(world, cookie), "act": "all"}
    ),
    "pause everything": Act(f"{HERE}/pause", B, fixed()),
    "pause a call": Act(f"{HERE}/pause", B, fixed(incident="P26-1")),
    "silence a call": Act(f"{HERE}/silence", B, fixed(number="P26-1")),
    "cancel a message": Act(f"{HERE}/cancel", B, message),
    "opt out": Act(f"{HERE}/person-opt-out", B, person("opt-out", scope="all")),
    "silence a person": Act(f"{HERE}/person-silence", B, person("silence", days="7")),
    "protect a person": Act(f"{HERE}/person-protect", B, person("protect")),
    "remove a key": Act(f"{HERE}/key", B, a_key("remove")),
    "judge that nobody is texted": Act(f"{HERE}/judge", B, judged("never")),
    "resume": Act(f"{HERE}/resume", W, resume),
    "release a mass call": Act(f"{HERE}/release", W, held("P26-2")),
    "propose a release": Act(f"{HERE}/release", W, held("P26-5")),
    "approve a release": Act(f"{HERE}/approvals", W, proposal()),
    "decline a release": Act(f"{HERE}/approvals", W, proposal(decline="yes", reason="no")),
    "answer": Act(f"{HERE}/conversation-answer", W, reply("conversation-answer")),
    "reveal a call": Act(f"{HERE}/reveal", W, fixed(number="P26-1", **WHY)),
    "reveal a person": Act(f"{HERE}/person-reveal", S, person("reveal")),
    "export a person": Act(f"{HERE}/person-export", S, person("export")),
    "hold a person": Act(f"{HERE}/person-hold", W, person("hold")),
    "propose to end a silence": Act(f"{HERE}/person-unsilence", W, person("unsilence", OTHER_PHONE)),
    "add a key": Act(
        f"{HERE}/keys", W, lambda world, cookie: {"name": "cad-2", "version": world.key_ring.look().version}
    ),
    "let a key read back": Act(f"{HERE}/key", W, a_key("read")),
    "judge that a text may go": Act(f"{HERE}/judge", W, judged("dull")),
    "approve a judgement": Act(f"{HERE}/judge/review", W, decided("approve")),
    "begin a draft": Act(f"{HERE}/drafts", W, fixed(id="abcdefghij", comment="why")),
    "save a draft": Act(f"{HERE}/drafts/edit", W, edited("save")),
    "leave a draft": Act(f"{HERE}/drafts/edit", W, edited("leave")),
    "discard a draft": Act(f"{HERE}/drafts/edit", W, edited("discard")),
    "take a draft over": Act(f"{HERE}/drafts/edit", W, lambda *given: {**draft("written", act="take")(*given)}),
    "approve a draft": Act(f"{HERE}/drafts/review", W, draft("asked", act="approve")),
    "ask for changes of a draft": Act(f"{HERE}/drafts/review", W, draft("approved", act="return", reason="no")),
    "publish a draft that narrows": Act(f"{HERE}/drafts/publish", W, draft("narrow", act="now")),
    "give a draft a time": Act(f"{HERE}/drafts/publish", W, draft("approved", act="at", at="2026-11-22T08:00")),
    "play last week's calls through a draft": Act(f"{HERE}/drafts/week", W, draft("asked")),
    "ask for a shadow report": Act(f"{HERE}/shadow", W, fixed(days="14")),
    "have results counted": Act(f"{HERE}/results", W, fixed(quarter="2026Q3")),
    "have a quarter's report made": Act(f"{HERE}/report", W, fixed(quarter="2026Q2")),
    "propose to release a report": Act(f"{HERE}/report/release", W, of_report("propose")),
    "approve a report": Act(f"{HERE}/report/release", W, of_report("approve")),
    "decline a report": Act(f"{HERE}/report/release", W, of_report("decline")),
    "take a draft's time away": Act(f"{HERE}/drafts/cancel", B, draft("scheduled")),
    "approve what a terminal proposed": Act(f"{HERE}/drafts/proposal", W, at_terminal(act="approve", other="yes")),
    "decline what a terminal proposed": Act(f"{HERE}/drafts/proposal", W, at_terminal(act="decline", reason="no")),
    "play last week's calls through a proposal": Act(f"{HERE}/drafts/week", W, at_terminal()),
    "play the agency's scenarios": Act(f"{HERE}/drafts/scenarios", W, draft("asked")),
    "ask for a code": Act(f"{HERE}/drafts/phone", W, own_phone("code", phone="303-555-0170")),
    "enter a code": Act(f"{HERE}/drafts/phone", W, entering),
    "send a test": Act(f"{HERE}/drafts/phone", W, tried),
    "keep a scenario": Act(f"{HERE}/drafts/scenario", W, fixed(name="another", text=SCENARIO.text, act="keep")),
    "remove a scenario": Act(f"{HERE}/drafts/scenario", W, fixed(name="a-call", act="remove")),
    "restore a version": Act(f"{HERE}/settings/restore", B, to_restore),
    "sign for going live": Act(f"{HERE}/going-live", W, to_sign("stop")),
    "sign a type for going live": Act(f"{HERE}/going-live", W, to_sign("type")),
    "take a signature back": Act(
        f"{HERE}/going-live", B, fixed(name="campaign.acknowledgment", number="1", act="withdraw")
    ),
    "save words of a draft": Act(
        f"{HERE}/drafts/words", W, edited("save", kind="delay", **{"f.words.en.sms.delay": "{{ agency }}: late. 911"})
    ),
    "save rules of a draft": Act(f"{HERE}/drafts/rules", W, edited("save", code="X-1", means="handled")),
    "save questions of a draft": Act(
        f"{HERE}/drafts/questions", W, edited("save", **{"f.survey.questions[0].text.en": "How was it?"})
    ),
    "save cities of a draft": Act(
        f"{HERE}/drafts/cities", W, edited("save", city_name="Police of Eastford", city_short="Eastford PD")
    ),
    "take on": Act(f"{HERE}/take", E, fixed(cause="danger", about="a1")),
    "hang a wall": Act(f"{HERE}/wall", W, fixed()),
    "send a drill": Act(f"{HERE}/watchers", W, fixed(drill="danger first")),
    "search for a person": Act(f"{HERE}/find", L, fixed(typed="303-555-0123", **WHY)),
    "find by last digits": Act(f"{HERE}/find", S, fixed(typed="0123", beat="7", **WHY)),
    "ask for a part of the ledger": Act(f"{HERE}/ledger", L, fixed(about="P26-1")),
    "export the ledger": Act(f"{HERE}/ledger-file", S, fixed()),
    "export the access review": Act(f"{HERE}/access-review", S, fixed()),
    "ask for the access review of no days": Act(f"{HERE}/access-review", S, fixed(**{"from": "x"})),
    "preview a pause": Act(f"{HERE}/pause-preview", L, fixed()),
    "ask for a call": Act(f"{HERE}/incident", L, fixed(number="P26-1")),
    "mark as read": Act(f"{HERE}/conversation", E, reply("conversation")),
    "take a follow-up": Act(f"{HERE}/follow-up", W, follow_up("supervisors", "follow-up", "take")),
    "close a follow-up": Act(
        f"{HERE}/follow-up", W, follow_up("supervisors", "follow-up", "close", outcome="spoke", number="26-104")
    ),
    "close an allegation": Act(
        f"{HERE}/allegation", W, follow_up("standards", "allegation", "close", outcome="no_complaint")
    ),
    "close an alert": Act(f"{HERE}/alert", W, follow_up("alerts", "alert", "close", outcome="help_sent")),
    "release a comment": Act(f"{HERE}/comment", W, of_comment(WISHES, "release")),
    "propose a comment with a name": Act(f"{HERE}/comment", W, of_comment(WISHES, "release", **{"w.0": "keep"})),
    "see how a comment reads": Act(f"{HERE}/comment", S, of_comment(WISHES, "preview")),
    "keep a comment back": Act(f"{HERE}/comment", B, of_comment(WISHES, "hold")),
    "approve a comment": Act(f"{HERE}/comment", W, of_comment(PRAISES, "approve")),
    "decline a comment": Act(f"{HERE}/comment", W, of_comment(PRAISES, "decline")),
    "make a card": Act(f"{HERE}/cards", W, fixed(label="3A12", uses="20", days="30")),
    "call somebody back": Act(f"{HERE}/follow-up-phone", S, of_follow_up("supervisors")),
    "call back about an allegation": Act(f"{HERE}/allegation-phone", S, of_follow_up("standards")),
    "call back about an alert": Act(f"{HERE}/alert-phone", S, of_follow_up("alerts")),
}


@pytest.fixture
def full(monkeypatch):
    world = full_desk(monkeypatch)
    world.signed_in("watch", cookie="other", agencies=("springfield",), subject="other")
    return world


def opened(world, act):
    """Return what a page's form holds that somebody opened while all was well."""
    world.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    if act.path == "/desk/sessions":
        world.signed_in("watch", cookie="other", agencies=("springfield",), subject="mine")
    return act.form(world, "mine")


def press(world, act, form):
    return asked(world, "POST", act.path, cookie="mine", form=form)


def go_down(ledger):
    """Let the ledger be down, for what is written in one transaction with it, too."""

    def keep_all(entries):
        if entries:
            raise NotNoted

    ledger.down, ledger.book.keep_all = True, keep_all


@pytest.mark.parametrize("name", ACTS)
def test_a_brake_works_without_a_ledger_and_nothing_else_is_done(full, name):
    act = ACTS[name]
    form = opened(full, act)
    before = stored(full)
    go_down(full.ledger)
    answer = press(full, act, form)
    done = stored(full) != before

    assert done == (act.does is B), answer.body[-3000:]
    assert (answer.status_code == 503) == (act.does in (W, S, E))
    assert ("goes on being paged" in answer.body) == (act.does is E)
    assert act.does is not S or "P26-" not in answer.body


@pytest.mark.parametrize("name", ACTS)
def test_with_a_ledger_each_act_is_done_and_noted(full, name):
    act = ACTS[name]
    form = opened(full, act)
    before, lines = stored(full), len(full.ledger.entries) + len(full.ledger.book.entries)
    answer = press(full, act, form)

    assert (stored(full) != before) == (act.does in (B, W, E)), answer.body[-3000:]
    assert answer.status_code in ((422,) if "no days" in name else (200, 303))
    noted = len(full.ledger.entries) + len(full.ledger.book.entries) > lines
    assert noted == (act.does is not L)


OF_CALLS = ("call", "message")
BRAKES = [name for name, act in ACTS.items() if act.does is B]


@pytest.mark.parametrize("name", BRAKES)
def test_a_brake_works_with_nothing_else_there(full, name):
    act = ACTS[name]
    form, before = opened(full, act), stored(full)
    go_down(full.ledger)
    full.desk_provider.down = True
    full.recent = full.attention = full.conversations = full.surveys = full.follow_ups = Down()
    if not name.endswith(OF_CALLS):
        full.incidents = Down()
    answer = press(full, act, form)

    assert stored(full) != before, answer.body
    assert answer.status_code in (200, 303)


@pytest.mark.parametrize("name", ACTS)
def test_what_is_pressed_twice_is_done_once_and_is_a_line_each_time(full, name):
    act = ACTS[name]
    form = opened(full, act)
    press(full, act, form)
    before, lines = stored(full), len(full.ledger.entries) + len(full.ledger.book.entries)
    answer = press(full, act, form)
    noted = len(full.ledger.entries) + len(full.ledger.book.entries) > lines

    assert answer.status_code < 500
    assert noted or act.does is L or answer.status_code >= 400 or name.startswith(STANDS)
    if not name.startswith(AGAIN):
        assert stored(full) == before


STANDS = ("propose", "judge that")
"""The same proposal waits once, and a form of answers holds others' too: sent again as it was, they are no new act."""

AGAIN = (
    "reveal a call",
    "silence a call",
    "send a drill",
    "take on",
    "let a key",
    "silence a person",
    "protect",
    "make a card",
)
"""A second press of these writes once more that it was pressed."""


@pytest.mark.parametrize("name", ACTS)
def test_a_form_of_an_hour_ago_does_what_it_said_or_nothing(full, name):
    act = ACTS[name]
    form = opened(full, act)
    full.now += timedelta(hours=1)
    full.city.run_until(full.now)
    full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    answer = press(full, act, form)

    assert answer.status_code < 500, answer.body


@pytest.mark.parametrize("name", ACTS)
def test_no_screen_on_a_wall_and_no_locked_desk_does_anything_but_end(full, name):
    act = ACTS[name]
    form = opened(full, act)
    for more in ({"wall": True, "wall_at": "springfield"}, {"acted_at": full.now - timedelta(minutes=40)}):
        full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine", **more)
        before = stored(full)
        press(full, act, form)
        assert (stored(full) != before) == (act.path == "/desk/sign-out")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", ACTS)
def test_whoever_may_not_does_nothing_and_is_shown_nobody(full, name, role):
    act = ACTS[name]
    form = opened(full, act)
    route = find("POST", act.path).route
    full.signed_in(role, cookie="mine", agencies=("springfield",), subject="mine")
    before, lines = stored(full), len(full.ledger.entries)
    answer = press(full, act, form)

    if route.permission not in permitted((role,)):
        assert answer.status_code == 403
        assert stored(full) == before
        assert len(full.ledger.entries) == lines
        assert "P26-" not in answer.body


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.path.startswith(HERE)])
def test_at_another_agency_nothing_of_this_one_can_be_done_seen_or_told_from_what_is_not_there(full, name):
    act = ACTS[name]
    form = opened(full, act)
    full.signed_in(*Role, where="other", cookie="mine", agencies=("shelbyville",), subject="mine")
    before = stored(full)
    there = act.path.replace("springfield", "shelbyville")
    answer = asked(full, "POST", there, cookie="mine", form=form)
    after = stored(full)
    here = press(full, act, form)

    assert here.status_code == (401 if name.startswith("hang") else 403)  # a wall is hung in place of a session
    assert stored(full) == after
    assert "P26-" not in MADE_UP.sub("", answer.body).replace(form.get("number", "?"), "")
    if not name.startswith(OF_THEIR_OWN):
        assert after == before, (answer.status_code, answer.headers)


MADE_UP = re.compile(r"P26-000\d{4}")
"""The numbers of calls that the sheet of a type makes up, whose agency has a type of that name too."""

OF_THEIR_OWN = (
    "keep a scenario",
    "pause",
    "resume",
    "hang",
    "add a key",
    "begin a draft",
    "opt out",
    "silence a person",
    "protect",
    "judge that",
    "make a card",
    "sign for",
    "sign a type",
    "ask for a shadow report",
    "have results",
    "have a quarter",
)
"""What anybody may do at their own agency with what they type or whomever they name; memory has pauses of no agency."""


def test_each_form_of_the_desk_is_tried():
    known = {act.path.replace("springfield", "{agency_id}") for act in ACTS.values()}
    alike = {f"/desk/{{agency_id}}/person-{name}" for name in ("opt-in", "lift", "erase", "unprotect")}
    posts = {route.path for route in ROUTES if route.method == "POST"}

    assert posts - known - alike == {"/desk/sign-in"}
