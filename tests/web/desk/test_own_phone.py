"""One's own phone at the desk: a code, then the texts of a draft, each marked; of any phone the page says the same."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.own_phone import MOST_TRIES
from chalicelib.domain.desk.own_text import CODES, TESTS
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.flow.desk.send_own_text import deliver_own_text
from chalicelib.insight.settings.written import as_toml
from chalicelib.ports.errors import QueueUnavailable
from tests.web.desk.test_drafts import OURS, ana, begin, ben, change, get, post, somebody, the_draft, world
from tests.web.desk.world import asked

__all__ = ("ana", "ben", "world")
MINE, TYPED = "+13035550170", "(303) 555-0170"
BOTH = as_toml(replace(OURS, languages=("es",)))
EN, ES = "words.en.sms.delay", "words.es.sms.delay"


@pytest.fixture
def drafted(world, ana):
    begin(world, ana)
    change(world, ana, "save", BOTH)
    return world


def page(world, cookie, **more):
    return get(world, cookie, "/phone", id=the_draft(world).id, kind="delay", **more)


def name_on(body):
    return re.search(r'name="name" value="(\w{32})"', body)[1]


def press(world, cookie, act, name="", **form):
    name = name or name_on(page(world, cookie).body)
    return post(world, cookie, "/phone", id=the_draft(world).id, kind="delay", act=act, name=name, **form)


def work(world):
    """Let `deliver` work on all orders, and return what became of them."""
    orders, world.queue.orders = world.queue.orders, []
    return [deliver_own_text(one, world.city.ports, world.now) for one in orders]


def got(world):
    return [(one.address, one.body) for one in world.city.ports.sms.outgoing]


def prove(world, cookie):
    press(world, cookie, "code", phone=TYPED)
    work(world)
    code = got(world)[-1][1].partition(": ")[2]
    return press(world, cookie, "enter", code=f"{code[:3]} {code[3:6]}")


def lines(world):
    return [(one.what, one.about.partition(": ")[2]) for one in world.ledger.entries if one.what != "drafted"]


def test_a_text_of_a_draft_goes_to_ones_own_phone_marked_in_both_languages(drafted, ana):
    prove(drafted, ana)
    body = page(drafted, ana).body
    assert "…0170 is yours until you sign out" in body
    for text in (EN, ES):
        assert press(drafted, ana, "send", text=text).status_code == 303
    assert work(drafted) == [State.SENT, State.SENT]

    _, (to_en, english), (to_es, spanish) = got(drafted)
    assert {to_en, to_es} == {MINE}
    assert english.startswith("TEST Springfield PD: Springfield PD: officers are delayed")
    assert spanish.startswith("PRUEBA Springfield PD: ")
    assert page(drafted, ana).body.count("the carrier has it") == 2
    assert lines(drafted) == [
        ("asked_code", "a phone of one's own"),
        ("proved_phone", "a phone of one's own"),
        ("tested_text", "delay in en as a test"),
        ("tested_text", "delay in es as a test"),
    ]


def test_the_page_shows_each_text_as_it_would_go(drafted, ana):
    prove(drafted, ana)
    body = page(drafted, ana).body
    shown = re.findall(r'<p class="bubble" lang="en">([^<]*)</p>', body)
    press(drafted, ana, "send", text=EN)
    work(drafted)

    assert got(drafted)[-1][1] in shown
    assert "Segments: 2, with the mark" in body


def test_no_phone_is_in_an_address_a_line_a_row_or_a_page_of_somebody_else(drafted, ana, ben):
    prove(drafted, ana)
    answer = press(drafted, ana, "send", text=EN)
    work(drafted)
    ports = drafted.city.ports

    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"id": [the_draft(drafted).id], "kind": ["delay"]}
    for text in (repr(drafted.ledger.entries), repr(ports.own_texts._rows), page(drafted, ben).body):
        assert MINE[2:] not in text
        assert "0170" not in text
    assert "5550170" not in page(drafted, ana).body


def test_nothing_is_sent_before_the_code_is_entered(drafted, ana):
    press(drafted, ana, "code", phone=TYPED)
    answer = press(drafted, ana, "send", text=EN)

    assert answer.status_code == 409
    assert "First show that the phone is yours" in answer.body
    assert len(drafted.queue.orders) == 1


def test_wrong_codes_are_counted_and_end_the_code(drafted, ana):
    press(drafted, ana, "code", phone=TYPED)
    work(drafted)
    right = got(drafted)[-1][1].partition(": ")[2][:6]
    wrong = f"{(int(right) + 1) % 10**6:06}"
    answers = [press(drafted, ana, "enter", code=wrong) for _ in range(MOST_TRIES)]

    assert {one.status_code for one in answers} == {422}
    assert "too many wrong codes" in answers[-1].body
    assert "too many wrong codes" in press(drafted, ana, "enter", code=right).body
    assert 'name="code"' not in page(drafted, ana).body
    assert [what for what, _ in lines(drafted)] == ["asked_code"]


def test_a_phone_that_may_not_be_texted_looks_as_any_other(drafted, ana, ben):
    drafted.contacts.opt_out("springfield", MINE, OptOutScope.ALL, drafted.now, "STOP")
    pages = []
    for cookie, phone in ((ana, TYPED), (ben, "303-555-0180")):
        answer = press(drafted, cookie, "code", phone=phone)
        before = page(drafted, cookie).body
        work(drafted)
        pages.append((answer.status_code, before, page(drafted, cookie).body))

    def plain(told):
        body = re.sub(r'(name="name" value=")\w+', r"\1", told).replace("…0180", "…0170")
        return body.partition("<main")[2]

    (one, *mine), (other, *theirs) = pages
    assert one == other == 303
    assert [plain(body) for body in mine] == [plain(body) for body in theirs]
    assert [address for address, _ in got(drafted)] == ["+13035550180"]


def test_what_is_no_phone_is_not_asked_for(drafted, ana):
    for typed in ("", "hello", "555-0170", "9115550170", "303-555-0170 x12"):
        answer = press(drafted, ana, "code", phone=typed)
        assert answer.status_code == 422
        assert "no number of a mobile phone" in answer.body

    assert drafted.queue.orders == []


def test_a_form_that_is_sent_twice_sends_one_text_and_another_press_of_it_another(drafted, ana):
    prove(drafted, ana)
    name = name_on(page(drafted, ana).body)
    for text in (EN, EN, ES, ES):
        assert press(drafted, ana, "send", name=name, text=text).status_code == 303

    assert work(drafted) == [State.SENT, State.SENT]


@pytest.mark.parametrize("name", ["x", "A" * 32, "a" * 31, "../" * 9])
def test_a_form_with_a_name_of_its_own_making_does_nothing(drafted, ana, name):
    assert press(drafted, ana, "code", name=name, phone=TYPED).status_code >= 400
    assert drafted.queue.orders == []


def test_each_person_has_so_many_codes_and_tests_a_day(drafted, ana, ben):
    prove(drafted, ana)
    for _ in range(TESTS.of_person):
        press(drafted, ana, "send", text=EN)
    refused = press(drafted, ana, "send", text=EN)
    assert refused.status_code == 429
    assert "enough for today" in refused.body
    for _ in range(CODES.of_person - 1):
        press(drafted, ana, "code", phone=TYPED)
    assert press(drafted, ana, "code", phone=TYPED).status_code == 429
    assert press(drafted, ben, "code", phone=TYPED).status_code == 303

    assert [one.failed for one in drafted.ledger.entries if one.what == "tested_text"][-2:] == [False, True]


def test_while_all_is_paused_neither_codes_nor_tests_go(drafted, ana):
    prove(drafted, ana)
    drafted.settings.pause("springfield", Pause(of="agency", author="x", reason="", at=drafted.now))
    answers = [press(drafted, ana, "send", text=EN), press(drafted, ana, "code", phone=TYPED)]

    assert [one.status_code for one in answers] == [409, 409]
    assert all("All texts are paused, so no test" in one.body for one in answers)
    assert drafted.queue.orders == []


def test_a_queue_that_takes_nothing_is_said(drafted, ana):
    def fails(order):
        raise QueueUnavailable

    drafted.queue.order = fails
    answer = press(drafted, ana, "code", phone=TYPED)

    assert answer.status_code == 503
    assert "could not be handed on" in answer.body


def test_a_text_that_the_draft_has_no_more_is_not_sent(drafted, ana):
    prove(drafted, ana)
    for text in ("words.en.email.delay", "words.fr.sms.delay", "words.en.sms.outcome.handled", ""):
        assert press(drafted, ana, "send", text=text).status_code == 422

    assert drafted.queue.orders == []


def test_a_draft_that_can_t_be_read_offers_no_text(world, ana):
    begin(world, ana)
    change(world, ana, "save", "not = [toml")
    prove(world, ana)

    assert "no text of this kind that can be read" in page(world, ana).body
    assert press(world, ana, "send", text=EN).status_code == 422


def test_another_phone_takes_the_place_of_the_first_and_signing_out_forgets_it(drafted, ana):
    prove(drafted, ana)
    press(drafted, ana, "code", phone="303-555-0171")
    assert press(drafted, ana, "send", text=EN).status_code == 409
    asked(drafted, "POST", "/desk/sign-out", cookie=ana)

    assert drafted.sessions._port._phones == {}


def test_whoever_reads_drafts_may_try_their_texts_and_nobody_else(drafted):
    for role, status in (("words", 200), ("approver", 200), ("supervisor", 403), ("records", 403), ("admin", 403)):
        assert page(drafted, somebody(drafted, role, role)).status_code == status


def test_the_page_of_words_leads_here(drafted, ana):
    body = get(drafted, ana, "/words", id=the_draft(drafted).id, kind="delay").body

    assert f"/drafts/phone?id={the_draft(drafted).id}&amp;kind=delay" in body
