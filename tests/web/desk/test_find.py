"""Find: whatever is typed leads to its call, and nobody finds people by trying."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.text_code import code_hash
from chalicelib.domain.people.consent import Reference
from chalicelib.web.desk.looks import SEARCHES_AN_HOUR
from tests.factories import OTHER_PHONE, PHONE, caller
from tests.web.desk.valid import problems
from tests.web.desk.world import asked, story

PATH = "/desk/springfield/find"
EMAIL = "ana.ortiz@people.example"
WHY = {"why": "complaint"}


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def typed(world, cookie, text, **form):
    return asked(world, "POST", PATH, cookie=cookie, form={"typed": text, **WHY, **form})


def go(world, cookie, answer):
    """Follow a form's answer."""
    assert answer.status_code == 303, answer.body
    there = urlsplit(answer.headers["Location"])
    query = {name: value for name, (value,) in parse_qs(there.query).items()}
    return asked(world, "GET", there.path, cookie=cookie, query=query)


def found(world, cookie, text, **form):
    return go(world, cookie, typed(world, cookie, text, **form))


@pytest.mark.parametrize("text", ["P26-1", " p26-1 ".upper(), "P26-1 "])
def test_a_call_s_number_leads_to_its_story_without_a_reason(world, cookie, text):
    story(world)
    answer = asked(world, "POST", PATH, cookie=cookie, form={"typed": text})

    assert answer.headers["Location"] == "/desk/springfield/incident?number=P26-1"
    assert world.calls["sessions.searched"] == 0


@pytest.mark.parametrize("text", ["303-555-0123", "(303) 555 0123", "+13035550123", EMAIL.upper()])
def test_a_phone_or_email_leads_to_its_calls_and_is_in_no_address(world, cookie, text):
    story(world, parties={"1": caller(PHONE, email=EMAIL)})
    answer = typed(world, cookie, text)
    page = go(world, cookie, answer)

    assert re.search("of=[0-9a-f]{64}&why=complaint", answer.headers["Location"])
    for private in ("5550123", "555-0123", "ortiz"):
        assert private not in answer.headers["Location"]
        assert private not in page.body
    assert ">P26-1</a>" in page.body
    assert problems(page.body) == []


def test_a_look_at_a_person_is_one_line_with_its_reason_and_without_the_phone(world, cookie):
    story(world)
    found(world, cookie, "303-555-0123")

    hashed = world.contacts.reference(PHONE).keyed_hash
    (entry,) = world.ledger.entries
    assert (entry.what, entry.about, entry.reason) == ("searched", f"person {hashed[:12]}", "complaint")


def test_a_look_that_can_t_be_noted_shows_nobody(world, cookie):
    story(world)
    world.ledger.down = True
    answer = found(world, cookie, PHONE)

    assert answer.status_code == 503
    assert "P26-1" not in answer.body


@pytest.mark.parametrize(
    "given", [{}, {"why": "nosy"}, {"why": "court"}, {"why": "complaint", "ticket": "303-555-0199"}]
)
def test_a_look_takes_a_reason_of_the_list_and_the_number_that_it_owes(world, cookie, given):
    story(world)
    answer = asked(world, "POST", PATH, cookie=cookie, form={"typed": "303-555-0123", **given})
    hashed = world.contacts.reference(PHONE).keyed_hash
    direct = asked(world, "GET", PATH, cookie=cookie, query={"of": hashed, **given})

    for page in (answer, direct):
        assert page.status_code == 422
        assert "P26-1" not in page.body
        assert problems(page.body) == []
    assert 'value="303-555-0123"' in answer.body
    assert world.ledger.entries == []


def test_the_code_of_a_text_leads_to_its_call(world, cookie):
    story(world)
    key = NotificationKey("springfield", "P26-1", Kind.ACKNOWLEDGMENT, "1")
    world.surveys.keep_code(code_hash("springfield", "K7MQ2W"), world.now + timedelta(days=1), key)
    answer = typed(world, cookie, "k7m-q2w")

    assert answer.headers["Location"] == "/desk/springfield/incident?number=%3DP26-1"
    assert [one.about for one in world.ledger.entries] == ["the code of a text"]
    assert typed(world, cookie, "K7MQ2X").status_code == 404


def test_last_digits_need_a_day_and_a_beat_and_get_into_no_address(world, cookie):
    story(world, beat="7")
    assert typed(world, cookie, "0123").status_code == 422
    answer = typed(world, cookie, "0123", beat="7")
    other = typed(world, cookie, "9999", beat="7")

    assert answer.status_code == other.status_code == 200
    assert ">P26-1</a>" in answer.body
    assert "P26-1" not in other.body
    assert {one.about for one in world.ledger.entries} == {"phones by their last digits, on a day and a beat"}


def test_last_digits_never_list_more_than_five_calls(world, cookie):
    for number in range(5):
        story(world, f"P26-{number}", beat="7", minutes=30 + number)
    five = typed(world, cookie, "0123", beat="7")
    story(world, "P26-9", beat="7", minutes=20)
    six = typed(world, cookie, "0123", beat="7")

    assert five.body.count(">P26-") == 5
    assert six.body.count("P26-") == 0
    assert "More than five" in six.body


def test_about_ten_last_night_is_answered_in_two_steps(world, cookie):
    story(world, "P26-1", minutes=15 * 60)
    story(world, "P26-2", minutes=30)
    last_night = {"since": "2026-11-20T18:00", "until": "2026-11-21T01:00"}
    page = found(world, cookie, "303-555-0123", **last_night)
    (number,) = re.findall(r"incident\?number=%3D(P26-\d)", page.body)
    told = asked(world, "GET", "/desk/springfield/incident", cookie=cookie, query={"number": f"={number}"})

    assert number == "P26-1"
    assert "<h1>Call P26-1</h1>" in told.body


def test_a_call_of_which_a_feed_told_hours_later_is_found_by_when_it_came_in(world, cookie):
    story(world, "P26-1", received_at=world.now - timedelta(hours=15))
    page = found(world, cookie, PHONE, since="2026-11-20T18:00", until="2026-11-21T01:00")

    assert ">P26-1</a>" in page.body


def test_nothing_found_says_what_was_near(world, cookie):
    story(world, "P26-1", parties={"1": caller(OTHER_PHONE)}, beat="12")
    story(world, "P26-2", parties={"1": caller(OTHER_PHONE)}, beat="12")
    page = found(world, cookie, "303-555-0123")

    assert "Nothing to or from this person between Fri" in page.body
    assert "2 calls by others then. Beats: 12." in page.body
    assert "No call that is still kept knows this phone or email." in page.body


def test_calls_at_other_times_are_said_to_be_there(world, cookie):
    story(world)
    page = found(world, cookie, PHONE, since="2026-11-01T00:00", until="2026-11-02T00:00")

    assert "This person has calls at other times." in page.body
    assert "P26-1" not in page.body


def test_a_text_may_come_later_than_its_call(world, cookie):
    story(world, minutes=90)
    sent = world.now - timedelta(minutes=89)
    since = sent.astimezone(world.city.agency.zone) - timedelta(minutes=0)
    page = found(world, cookie, PHONE, since=f"{since:%Y-%m-%dT%H:%M}")

    assert ">P26-1</a>" in page.body


def test_who_is_not_there_and_who_is_another_agency_s_look_alike_and_cost_the_same(world, cookie):
    contacts, here = world.contacts, story(world, "P26-1")
    assert here is None
    seen = []
    stranger, theirs = contacts.reference("+13035550177"), contacts.reference("+13035550178")
    contacts.opt_out("shelbyville", theirs, "all", world.now, "STOP", "reply")
    for person in (stranger, theirs):
        world.calls.clear()
        answer = asked(world, "GET", PATH, cookie=cookie, query={"of": person.keyed_hash, **WHY})
        seen.append((answer.status_code, len(answer.body), dict(world.calls)))

    assert seen[0] == seen[1]


def test_trying_finds_nobody_after_thirty_searches_in_an_hour(world, cookie):
    answers = [typed(world, cookie, f"303-555-01{number:02}") for number in range(SEARCHES_AN_HOUR + 3)]
    world.signed_in("supervisor", cookie="another")
    anew = typed(world, "another", "303-555-0150")
    by_number = asked(world, "POST", PATH, cookie=cookie, form={"typed": "P26-1"})
    world.now += timedelta(hours=1)
    world.signed_in("supervisor", cookie="later")

    assert [one.status_code for one in answers] == [303] * SEARCHES_AN_HOUR + [429] * 3
    assert anew.status_code == 429
    assert by_number.status_code == 404
    assert [one.what for one in world.ledger.entries] == ["refused"]
    assert typed(world, "later", "303-555-0150").status_code == 303


def test_a_look_at_whom_the_agency_protects_tells_the_auditor(world, cookie):
    story(world)
    person = world.contacts.reference(PHONE)
    world.contacts.protected.put("springfield", person, "R. Lead", world.now)
    page = found(world, cookie, PHONE)

    assert [one.what for one in world.ledger.entries] == ["looked_protected", "searched"]
    assert {one.about for one in world.ledger.entries} == {f"person {person.keyed_hash[:12]}"}
    assert "protect" not in page.body


def test_a_list_names_nobody_and_its_filters_are_links(world, cookie):
    story(world, "P26-1", beat="7")
    story(world, "P26-2", "THEFT", beat="8")
    page = found(world, cookie, "")
    query = re.findall(r'find\?([^"]*beat=7[^"]*)"', page.body)[0].replace("&amp;", "&")
    given = {name: value for name, (value,) in parse_qs(query).items()}
    only = asked(world, "GET", PATH, cookie=cookie, query=given)

    assert "0123" not in page.body
    assert "P26-1" in only.body
    assert "P26-2" not in only.body
    assert "show all" in only.body
    assert problems(page.body) == problems(only.body) == []
    assert world.ledger.entries == []


def test_the_next_page_goes_on_where_this_one_ends(world, cookie):
    for number in range(30):
        story(world, f"P26-{number:02}", minutes=60 + number)
    page = found(world, cookie, "", since="2026-11-21T00:00")
    query = re.findall(r'find\?([^"]*after=[^"]*)">Next', page.body)[0].replace("&amp;", "&")
    given = {name: value for name, (value,) in parse_qs(query).items()}
    rest = asked(world, "GET", PATH, cookie=cookie, query=given)

    first, second = (re.findall(r'<tr><td><time datetime="([^"]*)"', one.body) for one in (page, rest))
    assert len(first) == 50
    assert second
    assert min(first) >= max(second)


@pytest.mark.parametrize("since", ["tomorrow", "2026-99-99T00:00", "<script>"])
def test_what_is_no_time_is_said_at_its_field_and_nothing_typed_is_lost(world, cookie, since):
    answer = typed(world, cookie, "303-555-0123", since=since, beat="7")

    assert answer.status_code == 422
    assert "“From” is no time" in answer.body
    assert 'value="303-555-0123"' in answer.body
    assert 'value="7"' in answer.body
    assert "<script>al" not in answer.body
    assert problems(answer.body) == []


def test_a_file_has_the_lines_of_the_list_and_no_formula(world, cookie):
    story(world, '=HYPERLINK("x")', beat="+7")
    answer = asked(world, "GET", f"{PATH}-file", cookie=cookie, query={"since": "2026-11-21T00:00"})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calls-and-messages.csv"'
    cells = [cell for line in answer.body.splitlines()[1:] for cell in re.split(r'","|,', line)]
    assert not [cell for cell in cells if cell.lstrip('"')[:1] in "=+@" and cell]
    assert world.ledger.said == [("searched", "calls and messages, as a file")]


def test_a_person_s_calls_as_a_file_are_an_export(world, cookie):
    story(world)
    person = world.contacts.reference(PHONE)
    bare = asked(world, "GET", f"{PATH}-file", cookie=cookie, query={"of": person.keyed_hash})
    answer = asked(world, "GET", f"{PATH}-file", cookie=cookie, query={"of": person.keyed_hash, **WHY})

    assert bare.status_code == 422
    assert "P26-1,NOISE" in answer.body
    assert "0123" not in answer.body
    assert [(one.what, one.reason) for one in world.ledger.entries] == [("exported", "complaint")]


@pytest.mark.parametrize(
    "query",
    [
        {"of": "x" * 64},
        {"of": "0" * 63},
        {"after": "../../x"},
        {"after": "2026-11-21T00:00:00.000000Z#P1~"},
        {"after": "2000-01-01T00:00:00.000000Z", "since": "2026-11-01T00:00"},
        {"beat": "303-555-0123"},
        {"type": EMAIL},
        {"kind": '"><script>alert(1)</script>'},
        {"state": "{{ 7 * 7 }}"},
        {"reason": "=1+1"},
    ],
)
def test_nothing_in_an_address_breaks_the_page_or_names_somebody(world, cookie, query):
    story(world)
    answer = asked(world, "GET", PATH, cookie=cookie, query=query)

    assert answer.status_code == 200
    assert "<script>al" not in answer.body
    assert "555-0123" not in answer.body
    assert "ortiz" not in answer.body
    assert problems(answer.body) == []


def test_nobody_without_the_permission_finds_anybody(world):
    story(world)
    person = Reference(world.contacts.reference(PHONE).keyed_hash)
    for roles, where in ((("watch",), "tenfour"), (("admin",), "tenfour"), (("supervisor",), "other")):
        cookie = world.signed_in(*roles, where=where, cookie=f"{roles}{where}")
        for method, path in (("GET", PATH), ("POST", PATH), ("GET", f"{PATH}-file")):
            query = {"of": person.keyed_hash, **WHY}
            answer = asked(world, method, path, cookie=cookie, query=query, form={"typed": PHONE, **WHY})
            assert answer.status_code == 403
            assert "P26-1" not in answer.body


def test_a_message_that_still_waits_is_not_said_to_have_waited_too_long(world, cookie):
    story(world, minutes=1, parties={str(n): caller(f"+1303555{100 + n:04}") for n in range(6)})
    page = found(world, cookie, "").body

    assert "many people called: a human must decide whether to text them all" in page
    assert "until it was too late" not in page


def test_a_file_of_the_night_on_which_clocks_go_back_has_both_hours_and_tells_them_apart(world, cookie):
    world.now = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)
    world.signed_in("supervisor")
    for number, minutes in (("P26-1", 10 * 60 + 30), ("P26-2", 9 * 60 + 30)):
        story(world, number, minutes=minutes)
    given = {"since": "2026-11-01T01:30", "until": "2026-11-01T01:30", "kind": "call"}
    told = asked(world, "GET", f"{PATH}-file", cookie=cookie, query=given).body

    assert "2026-11-01 01:30:00 -0600,P26-1" in told
    assert "2026-11-01 01:30:00 -0700,P26-2" in told
