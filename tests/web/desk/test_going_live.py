"""Going live: what is done and what is not, who signs what, and a signature that ends with what was signed."""

import re
from datetime import timedelta
from html import escape
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.drill import Drill
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.signed import KEPT_FOR
from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.watchers import Watchers, short_name
from chalicelib.insight.going_live import read, subject
from chalicelib.insight.shadow.sign_off import sheet_of
from tests.factories import judged
from tests.web.desk.judging import strict
from tests.web.desk.test_each_act import fields
from tests.web.desk.test_words import ENGLISH as SAID
from tests.web.desk.valid import problems
from tests.web.desk.world import DeskWorld, asked

HERE = "/desk/springfield/going-live"


@pytest.fixture
def world(monkeypatch):
    world = DeskWorld()
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: world.now)
    return world


def ours(world):
    return world.settings.agency("springfield")


def publish(world, **changes):
    world.settings._port._agencies["springfield"] = replace(ours(world), **changes)


def look(world, role="records", path="", **query):
    return asked(world, "GET", f"{HERE}{path}", cookie=world.signed_in(role), query=query)


def press(world, role, name, **more):
    """Sign something as it reads now."""
    form = {"name": name, "of": subject(ours(world), name).of, "act": "sign", **more}
    return asked(world, "POST", HERE, cookie=world.signed_in(role), form=form)


def of(world, what, about=None):
    listed = read(world, ours(world), world.now)
    return next(item for item in listed.items if (item.what, item.about) == (what, about))


def a_type(world):
    return read(world, ours(world), world.now).types[0].listed


def test_the_list_says_what_is_missing_and_what_to_do(world):
    page = look(world).body

    assert not problems(page)
    assert "Text STOP from a phone of your own" in page
    assert "Not done" in page
    assert not of(world, "stop").done
    assert read(world, ours(world), world.now).done == 0


@pytest.mark.parametrize("role", [role for role in Role if Permission.SHADOW_SIGN in BUNDLES[role]])
def test_each_thing_that_is_not_done_says_the_next_step_and_leads_only_where_somebody_may_go(world, role):
    publish(world, watchers={Cause.DANGER: Watchers(first="+13035550140", second="duty@pd.example")})
    page = look(world, role).body
    links = re.findall(r'<a class="go" href="([^"?]+)[?]?([^"]*)"', page)

    assert links
    for path, query in links:
        cookie = world.signed_in(role)
        assert asked(world, "GET", path, cookie=cookie, query=dict(parse_qsl(query))).status_code == 200
    for item in read(world, ours(world), world.now).items:
        step = "Read it and sign" if item.what == "signed" else SAID[f"going_live_next.{item.what}"]
        assert item.done or escape(step, quote=True) in page.replace("&#39;", "&#x27;")


def test_what_somebody_signs_is_done_and_in_the_ledger(world):
    assert press(world, "records", "stop").status_code == 303

    assert of(world, "stop").signed.by.name == "Dana Ruiz"
    assert world.ledger.said[-1] == ("signed", "going live: stop")
    assert "Signed by Dana Ruiz" in look(world).body


def test_a_signature_ends_with_what_was_signed_and_no_earlier(world):
    press(world, "records", "stop")
    press(world, "records", "words.delay")
    publish(world, mode="shadow", shadow_kinds=frozenset({Kind.SURVEY}), mass_call=9)
    assert (of(world, "stop").done, of(world, "stop").moved) == (True, False)
    publish(world, numbers=replace(ours(world).numbers, sms_from="+13035550177"))

    assert (of(world, "stop").done, of(world, "stop").moved) == (False, True)
    assert "reads otherwise since" in look(world).body
    publish(world, short_name="Other PD")
    assert [one.moved for one in read(world, ours(world), world.now).items if one.what == "words"].count(True) == 1


def test_a_signature_ends_after_a_year_and_some_days(world):
    press(world, "records", "stop")
    world.now += KEPT_FOR

    assert not of(world, "stop").done


def test_a_page_of_yesterday_signs_nothing_that_it_did_not_show(world):
    form = {"name": "stop", "of": subject(ours(world), "stop").of, "act": "sign"}
    publish(world, numbers=replace(ours(world).numbers, sms_from="+13035550177"))
    answer = asked(world, "POST", HERE, cookie=world.signed_in("records"), form=form)

    assert answer.status_code == 409
    assert "reads otherwise than when you opened" in answer.body
    assert not of(world, "stop").done


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("advocate", "records", 422),
        ("advocate", "advocate", 303),
        ("words.delay", "advocate", 422),
        ("words.delay", "records", 303),
        ("campaign.delay", "approver", 303),
        ("counsel", "records", 422),
        ("nothing", "records", 409),
    ],
)
def test_each_signs_what_is_theirs(world, name, role, status):
    form = {"name": name, "act": "sign"}
    form["of"] = subject(ours(world), name).of if status != 409 else ""

    assert asked(world, "POST", HERE, cookie=world.signed_in(role), form=form).status_code == status
    assert bool(world.signed.all_of("springfield")) == (status == 303)


def test_counsel_signs_on_a_paper_of_which_it_is_known_where_it_is(world):
    assert "Say where the paper is kept" in press(world, "records", "counsel").body
    press(world, "records", "counsel", reference="file 26-104, call +1 303 555 0100")

    assert "303" not in of(world, "counsel").signed.reference
    assert "file 26-104" in look(world).body


def test_three_people_sign_a_type_and_nobody_twice(world):
    name = a_type(world).id
    assert press(world, "records", f"type.{name}.records").status_code == 303
    both = world.signed_in("records", "approver", subject="subject-records")
    form = {"name": f"type.{name}.dispatch", "of": a_type(world).of, "act": "sign"}
    assert asked(world, "POST", HERE, cookie=both, form=form).status_code == 422

    assert press(world, "approver", f"type.{name}.dispatch").status_code == 303
    assert press(world, "advocate", f"type.{name}.advocate").status_code == 303
    assert all(of(world, "signed", signer).done for signer in ("records", "dispatch", "advocate"))
    codes = " ".join(a_type(world).rule.codes)
    assert world.ledger.said[-1] == ("signed", f"going live: type {codes} for advocate")


def test_a_type_is_read_in_its_words_before_it_is_signed(world):
    one = a_type(world)
    page = look(world, "advocate", "/type", of=one.id)
    given = fields(world, world.signed_in("advocate"), "going-live/type", "going-live", mark="I sign this", of=one.id)

    assert not problems(page.body)
    assert all(
        words.body.split("P26")[0] in page.body for line in sheet_of(one, ours(world)).lines for words in line.words
    )
    assert given["of"] == one.of == sheet_of(one, ours(world)).of
    assert look(world, "advocate", "/type", of="nothing").status_code == 404


def test_any_change_of_what_callers_of_a_type_read_is_another_digest(world):
    before = a_type(world)
    publish(world, mode="live", version=9)
    assert a_type(world) == before
    for change in ({"most_segments": 3}, {"short_name": "X PD"}, {"text_to_911": False}, {"languages": ("es",)}):
        publish(world, **change)
        assert a_type(world).of != before.of
        before = a_type(world)
    strict(world, judged("incident_type", before.rule.codes[0], "word", "dull"))
    assert a_type(world).of != before.of


def test_a_signature_is_taken_back_even_while_the_ledger_is_down(world):
    press(world, "records", "stop")
    world.ledger.down = True
    form = {"name": "stop", "number": str(of(world, "stop").signed.number), "act": "withdraw"}

    assert asked(world, "POST", HERE, cookie=world.signed_in("advocate"), form=form).status_code == 303
    assert not of(world, "stop").done
    assert press(world, "records", "stop").status_code == 503
    world.ledger.down = False
    assert press(world, "records", "stop").status_code == 303
    assert of(world, "stop").done


def test_watchers_are_done_once_a_drill_has_reached_both(world):
    publish(world, watchers={Cause.DANGER: Watchers(first="+13035550140", second="duty@pd.example")})
    assert (of(world, "watched", "danger").done, of(world, "watched", "held").done) == (True, False)
    book = world.settings.paging("springfield")
    for address, done in (("+13035550140", False), ("duty@pd.example", True)):
        drills = {**world.settings.paging("springfield").drills}
        drills[short_name(address)] = Drill(code="1234", asked_at=world.now, reached_at=world.now, by="x")
        world.settings.note_paging("springfield", world.settings.paging("springfield"), replace(book, drills=drills))
        assert of(world, "drilled", "danger").done == done


@pytest.mark.parametrize(
    ("days", "refused", "silent", "done"),
    [(7, 0, 0, True), (6, 0, 0, False), (9, 20, 0, False), (9, 1, 0, True), (9, 0, 30, False)],
)
def test_a_feed_is_done_when_it_is_well_and_known_for_a_week(world, monkeypatch, days, refused, silent, done):
    told = world.now - timedelta(hours=silent)
    heard = FeedHeard(told, told, Tally(updates=100, rejected=refused))
    book = FeedBook(since=world.now - timedelta(days=days), tally=heard.tally, tallied_at=world.now)
    monkeypatch.setattr(type(world.settings._port), "feed", lambda *_: (heard, book), raising=False)

    assert of(world, "feed").done == done


def test_a_type_is_judged_when_each_of_its_codes_is(world):
    codes = a_type(world).rule.codes
    strict(world, *(judged("incident_type", code, "some words", "dull") for code in codes))

    assert of(world, "judged").done
    assert of(world, "judged").names
