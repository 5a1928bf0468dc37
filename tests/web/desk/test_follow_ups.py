"""Follow-ups: three desks that never mix, who has one, how it ended, and the phone for a call back."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, unquote

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.taking import OF_DESK
from chalicelib.domain.ledger.noted import person as about_person
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.silenced import ByHand
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.domain.surveys.seen_to import Outcome, closed
from chalicelib.insight.surveys.follow_ups import MOST
from chalicelib.web.desk.follow_up_pages import PLACES
from chalicelib.web.desk.routes import ROUTES
from tests.factories import OTHER_PHONE, PHONE
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.web.desk.surveyed import ALLEGES, IN_DANGER, WISHES, answered, answers, surveyed
from tests.web.desk.test_conversations import hear
from tests.web.desk.test_now import Down
from tests.web.desk.valid import problems
from tests.web.desk.world import DeskWorld, asked, key, story

HERE = "/desk/springfield"
WHY = {"why": "person_asks"}


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def given(world, desk=Desk.SUPERVISORS):
    return world.follow_ups.of("springfield", desk)


def get(world, cookie, page, **query):
    return asked(world, "GET", f"{HERE}/{page}", cookie=cookie, query=query)


def post(world, cookie, page, **form):
    return asked(world, "POST", f"{HERE}/{page}", cookie=cookie, form=form)


def form(page, act):
    """Return the hidden fields of the form of a page that does an act."""
    one = next(each for each in page.body.split("<form")[1:] if f'name="act" value="{act}"' in each)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', one.split("</form>")[0]))


def test_the_list_has_the_call_and_the_reason_and_no_person_and_no_word_of_theirs(world, cookie):
    answered(world, "P26-1", WISHES, "1")
    page = get(world, cookie, "follow-ups").body

    assert page.count("Call P26-1") == 2
    assert "A low mark" in page
    assert "Wishes to be called" in page
    assert "QUUX" not in page
    assert "0123" not in page
    assert world.ledger.entries == []


def test_what_somebody_wrote_is_on_its_own_page_and_the_look_is_noted_first(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    page = get(world, cookie, "follow-up", of=one.id).body
    world.ledger.down = True
    unnoted = get(world, cookie, "follow-up", of=one.id)

    assert "QUUX" in page
    assert [*world.ledger.said] == [("read_comments", f"follow-up {one.id}")]
    assert unnoted.status_code == 503
    assert "QUUX" not in unnoted.body


def test_somebody_takes_it_and_another_reads_who_has_it_and_may_take_it_over(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    moved = post(world, cookie, "follow-up", **form(get(world, cookie, "follow-up", of=one.id), "take"))
    other = world.signed_in("quality", name="Lee Park", subject="lee", cookie="lee")
    listed = get(world, other, "follow-ups").body
    theirs = get(world, other, "follow-up", of=one.id)
    post(world, other, "follow-up", **form(theirs, "take"))

    assert moved.headers["Location"].endswith(f"follow-up?of={one.id}&done=taken")
    assert "Dana Ruiz has it, since" in listed
    assert "I take it over" in theirs.body
    assert given(world)[0].owner.startswith("Lee Park")
    assert ("took_on", f"follow-up {one.id}") in world.ledger.said


def test_it_ends_with_an_outcome_of_the_list_and_waits_no_more(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    fields = form(get(world, cookie, "follow-up", of=one.id), "close")
    moved = post(world, cookie, "follow-up", outcome="spoke", number="26-104", **fields)
    page = get(world, cookie, "follow-up", of=one.id, done="closed").body
    (after,) = given(world)

    assert moved.status_code == 303
    assert (after.outcome, after.note) == ("spoke", "spoke with the person, 26-104")
    assert "Spoke with the person" in page
    assert 'name="act"' not in page
    assert "Nothing waits at this desk." in get(world, cookie, "follow-ups").body
    assert ("reviewed", f"follow-up {one.id}") in world.ledger.said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Choose how it ended."),
        ({"outcome": "complaint"}, "Choose how it ended."),
        ({"outcome": "handed_on"}, "It goes on elsewhere"),
        ({"outcome": "spoke", "number": "303-555-0123"}, ""),
    ],
)
def test_an_outcome_that_is_none_closes_nothing_and_says_what_is_missing(world, cookie, more, said):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    answer = post(world, cookie, "follow-up", **form(get(world, cookie, "follow-up", of=one.id), "close"), **more)

    assert answer.status_code == 422
    assert said in answer.body
    assert "555-0123" not in answer.body
    assert given(world) == [one]


def test_of_two_who_close_it_at_once_one_wins_and_the_other_reads_what_became_of_it(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    fields = form(get(world, cookie, "follow-up", of=one.id), "close")
    first = post(world, cookie, "follow-up", outcome="spoke", **fields)
    second = post(world, cookie, "follow-up", outcome="not_reached", **fields)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody changed it since you opened it" in second.body
    assert given(world)[0].outcome == "spoke"


def test_a_write_between_the_look_and_the_press_is_told(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    fields = form(get(world, cookie, "follow-up", of=one.id), "close")
    found = world.follow_ups._port.find

    def find_then_change(*asked):
        known = found(*asked)
        world.follow_ups._port._kept["springfield", Desk.SUPERVISORS, one.id] = replace(
            one, owner="Lee Park", owned_at=world.now
        )
        return known

    world.follow_ups._port.find = find_then_change
    answer = post(world, cookie, "follow-up", outcome="spoke", **fields)

    assert answer.status_code == 409
    assert not given(world)[0].answered_at


def test_what_is_late_says_so_and_stands_first(world, cookie):
    answered(world, "P26-1", WISHES)
    answered(world, "P26-2", WISHES, phone=OTHER_PHONE)
    world.now += timedelta(days=4)
    late = world.signed_in("supervisor")
    page = get(world, late, "follow-ups").body

    assert page.count("LATE.") == 2


def test_a_survey_that_does_not_rest_yet_is_nobodys(world, cookie):
    token = surveyed(world, "P26-1")
    answers(world, token, WISHES, minutes=0)
    world.now -= timedelta(seconds=1)
    for one in given(world):
        world.follow_ups._port._kept["springfield", one.desk, one.id] = replace(
            one, rests_until=world.now + timedelta(minutes=9)
        )
    (one,) = given(world)

    assert one.id not in get(world, cookie, "follow-ups").body
    assert get(world, cookie, "follow-up", of=one.id).status_code == 404


def many(world, count):
    for number in range(count):
        one = FollowUp(
            id=f"{number:012x}",
            agency_id="springfield",
            desk=Desk.SUPERVISORS,
            because=Because.CONTACT,
            raised_at=world.now,
            due_at=world.now + timedelta(hours=number),
            incident_number=f"P26-{number}",
        )
        world.follow_ups.keep(one, None)


def test_a_page_has_so_many_the_one_due_first_on_top_and_the_next_goes_on_by_key(world, cookie):
    many(world, MOST + 3)
    world.calls.clear()
    first = get(world, cookie, "follow-ups").body
    reads = world.calls["follow_ups.find"], world.calls["follow_ups.of"]
    onward = re.search(r'follow-ups\?after=([^"]+)"', first)[1].replace("%3A", ":").replace("%20", " ")
    rest = get(world, cookie, "follow-ups", after=onward.replace("%2B", "+").replace("%23", "#")).body

    assert reads == (MOST, 0)
    assert re.findall(r"Call P26-(\d+)", first) == [str(number) for number in range(MOST)]
    assert re.findall(r"Call P26-(\d+)", rest) == [str(MOST + number) for number in range(3)]
    assert "More that waits" not in rest


def close(world, one, minutes):
    at = world.now + timedelta(minutes=minutes)
    world.follow_ups.put(one, closed(one, Outcome.SPOKE, "26-104", "Lee Park (desk:id:lee)", at))


def test_what_is_closed_is_listed_the_last_first_without_a_person_and_the_next_page_goes_on_by_key(world, cookie):
    many(world, MOST + 3)
    for number, one in enumerate(given(world)[: MOST + 2]):
        close(world, one, number)
    world.calls.clear()
    first = get(world, cookie, "follow-ups", show="closed")
    reads = world.calls["follow_ups.find"], world.calls["follow_ups.of"]
    onward = unquote(unescape(re.search(r'show=closed&amp;after=([^"]+)"', first.body)[1]))
    rest = get(world, cookie, "follow-ups", show="closed", after=onward).body

    assert not problems(first.body)
    assert reads == (MOST, 0)
    assert re.findall(r"Call P26-(\d+)", first.body) == [str(MOST + 1 - number) for number in range(MOST)]
    assert re.findall(r"Call P26-(\d+)", rest) == ["1", "0"]
    assert "Spoke with the person" in first.body
    assert "Closed by Lee Park" in first.body
    assert "See what is closed" in get(world, cookie, "follow-ups").body
    assert world.ledger.entries == []


@pytest.mark.parametrize("role", Role)
def test_what_a_desk_closed_is_seen_by_that_desk_alone(world, role):
    answered(world, "P26-1", ALLEGES)
    for one in given(world, Desk.STANDARDS):
        close(world, one, 1)
    cookie = world.signed_in(role)
    pages = {place.listed: get(world, cookie, place.listed, show="closed").body for place in PLACES.values()}

    assert ("P26-1" in pages["allegations"]) == (role is Role.STANDARDS)
    assert not any("P26-1" in page for name, page in pages.items() if name != "allegations")


def test_what_was_closed_and_is_another_desks_now_is_listed_no_more(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    close(world, one, 1)
    assert "P26-1" in get(world, cookie, "follow-ups", show="closed").body
    world.follow_ups.withdraw("springfield", Desk.SUPERVISORS, one.id)

    assert "Nothing is closed here." in get(world, cookie, "follow-ups", show="closed").body


def test_what_cant_be_read_is_said(world, cookie):
    world.attention = Down()

    assert "can&#39;t be read now" in get(world, cookie, "follow-ups").body


def test_the_phone_is_shown_once_with_a_reason_and_noted_as_about_that_person(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    page = get(world, cookie, "follow-up-phone", of=one.id).body
    unasked = post(world, cookie, "follow-up-phone", of=one.id)
    shown = post(world, cookie, "follow-up-phone", of=one.id, **WHY)
    entry = world.ledger.entries[-1]

    assert PHONE not in page + unasked.body
    assert unasked.status_code == 422
    assert PHONE in shown.body
    assert (entry.what, entry.reason) == ("revealed", "person_asks")
    assert entry.about == f"person {world.contacts.reference(PHONE).keyed_hash[:12]}"


def test_the_phone_is_that_of_whoever_answered_and_not_of_another_on_the_call(world, cookie):
    answered(world, "P26-1", WISHES, others=(OTHER_PHONE,))
    (one,) = given(world)
    page = post(world, cookie, "follow-up-phone", of=one.id, **WHY).body

    assert PHONE in page
    assert OTHER_PHONE not in page


def test_without_a_ledger_no_phone_is_shown(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    world.ledger.down = True
    answer = post(world, cookie, "follow-up-phone", of=one.id, **WHY)

    assert answer.status_code == 503
    assert PHONE not in answer.body


def test_the_phone_of_somebody_who_is_not_safe_to_contact_is_not_shown_for_a_call(world, cookie):
    answered(world, "P26-1", WISHES)
    (one,) = given(world)
    silence = ByHand(until=world.now + timedelta(days=7), author="x", at=world.now, reason="")
    world.contacts.silence_person("springfield", world.contacts.reference(PHONE), silence)
    page = post(world, cookie, "follow-up-phone", of=one.id, **WHY).body

    assert PHONE not in page
    assert "silenced" in page
    assert "victim advocate" in page


def test_whoever_signed_in_long_ago_signs_in_again_before_a_phone_is_shown(world):
    cookie = world.signed_in("supervisor", signed_in_at=world.now - timedelta(hours=2))
    answered(world, "P26-1", WISHES)
    (one,) = given(world)

    assert PHONE not in post(world, cookie, "follow-up-phone", of=one.id, **WHY).body


def test_an_answer_that_leads_to_nobody_says_so(world, cookie):
    many(world, 1)
    page = get(world, cookie, "follow-up-phone", of="0" * 12).body

    assert "Nobody can be called back." in page


def test_an_alert_is_shown_whatever_state_the_ledger_is_in_and_noted_where_it_can_be(world, cookie):
    answered(world, "P26-1", IN_DANGER)
    (one,) = given(world, Desk.ALERTS)
    assert one.id in get(world, cookie, "alerts").body
    assert "PLUGH" in get(world, cookie, "alert", of=one.id).body
    assert world.ledger.said == [("read_comments", f"follow-up {one.id}")]
    world.ledger.down = True

    assert "PLUGH" in get(world, cookie, "alert", of=one.id).body


def test_an_alert_that_is_closed_waits_on_now_no_more(world, cookie):
    answered(world, "P26-1", IN_DANGER)
    (one,) = given(world, Desk.ALERTS)
    before = get(world, cookie, "").body
    fields = form(get(world, cookie, "alert", of=one.id), "close")
    post(world, cookie, "alert", outcome="help_sent", **fields)

    assert f"alert?of={one.id}" in before
    assert "DANGER" in before
    assert "DANGER" not in get(world, cookie, "").body


def test_from_now_one_press_leads_to_what_is_late(world, cookie):
    answered(world, "P26-1", WISHES)
    world.now += timedelta(days=4)
    late = world.signed_in("supervisor")
    (one,) = given(world)

    assert f'href="/desk/springfield/follow-up?of={one.id}"' in get(world, late, "").body


class TestDesksNeverMix:
    @pytest.mark.parametrize("desk", PLACES)
    def test_each_address_of_a_desk_takes_its_permission(self, desk):
        place = PLACES[desk]
        of = {route.path.rpartition("/")[2]: route.needed for route in ROUTES}

        assert of[place.listed] == of[place.one] == {OF_DESK[desk]}
        assert of[place.phone] == {Permission.PERSON_CALL_BACK, OF_DESK[desk]}

    @pytest.mark.parametrize("role", Role)
    def test_no_role_sees_the_desk_of_another(self, world, role):
        answered(world, "P26-1", WISHES)
        answered(world, "P26-2", ALLEGES, phone=OTHER_PHONE)
        mine = world.signed_in(role, cookie="mine", subject="mine")
        for desk, place in PLACES.items():
            for one in given(world, desk):
                may = OF_DESK[desk] in BUNDLES[role]
                calls = may and Permission.PERSON_CALL_BACK in BUNDLES[role]
                assert (one.id in get(world, mine, place.listed).body) == may
                assert (get(world, mine, place.one, of=one.id).status_code == 200) == may
                shown = post(world, mine, place.phone, of=one.id, **WHY)
                assert (PHONE in shown.body or OTHER_PHONE in shown.body) == calls

    def test_another_desks_entry_is_as_if_it_were_not_there(self, world, cookie):
        answered(world, "P26-2", ALLEGES)
        (low, *_) = given(world, Desk.STANDARDS)
        for name in (low.id, "0" * 12):
            answer = get(world, cookie, "follow-up", of=name)
            pressed = post(world, cookie, "follow-up", of=name, act="take", seen="x")
            assert (answer.status_code, pressed.status_code) == (404, 404)
            assert world.ledger.entries == []

    def test_standards_see_with_it_all_that_the_survey_asked_for(self, world):
        answered(world, "P26-2", ALLEGES, "1")
        mine = world.signed_in("standards")
        page = get(world, mine, "allegations").body

        assert "Alleges misconduct" in page
        assert "A low mark" in page


def worlds(monkeypatch, comment):
    """Return a desk on which somebody was asked about a call, and answered with a comment or not at all."""
    world = DeskWorld()
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: world.now)
    token = surveyed(world, "P26-1")
    if comment:
        answers(world, token, comment, "1")
        world.now += timedelta(days=4)
    else:
        world.now += timedelta(days=4)
    return world


QUERIES = (
    {},
    {"number": "P26-1"},
    {"number": "=P26-1"},
    {"of": "KEYED", "why": "complaint"},
    {"cause": "follow_up"},
    {"cause": "danger"},
    {"since": "2026-11-20T12:00", "until": "2026-11-26T12:00"},
    {"kind": "survey"},
    {"state": "sent"},
    {"after": "0"},
)
FORMS = (
    ("reveal", {"number": "P26-1", "why": "complaint"}),
    ("person-reveal", {"of": "KEYED", "why": "complaint"}),
    ("person-export", {"of": "KEYED", "why": "complaint"}),
    ("find", {"typed": PHONE, "why": "complaint"}),
    ("find", {"typed": "XYZZY", "why": "complaint"}),
    ("ledger-file", {}),
    ("access-review", {}),
)


def everything(world, *roles):
    """Return all that somebody of these roles can get out of a desk: pages, fragments, files, searches, reveals."""
    keyed = world.contacts.reference(PHONE).keyed_hash
    cookie = world.signed_in(*roles, cookie="mine", subject="mine", agencies=("springfield",))
    filled = lambda given: {name: keyed if told == "KEYED" else told for name, told in given.items()}  # noqa: E731
    pages = sorted({route.path for route in ROUTES if route.method == "GET" and "{agency_id}" in route.path})
    for page in pages:
        for query in QUERIES:
            answer = asked(world, "GET", page.replace("{agency_id}", "springfield"), cookie=cookie, query=filled(query))
            yield (page, str(query)), answer
    for page, fields in FORMS:
        yield (page, str(fields)), post(world, cookie, page, **filled(fields))


def plain(body):
    """Return a page without the name of a draft that may be begun there, which is chance."""
    return re.sub('name="id" value="[a-z]{10}"', "", body)


OTHERS = [role for role in Role if role is not Role.STANDARDS]


@pytest.mark.parametrize("roles", [*((role,) for role in OTHERS), OTHERS], ids="+".join)
def test_an_allegation_changes_nothing_that_anybody_but_standards_can_get(monkeypatch, roles):
    """Not a word, a count, a state, a code or a header differs from a desk where nobody answered."""
    alleged, silent = (worlds(monkeypatch, comment) for comment in (ALLEGES, ""))
    names = {one.id for one in alleged.follow_ups.of("springfield", Desk.STANDARDS)}
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: alleged.now)
    with_it = dict(everything(alleged, *roles))
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: silent.now)
    without = dict(everything(silent, *roles))

    assert alleged.now == silent.now
    for place, answer in with_it.items():
        assert answer.status_code == without[place].status_code, place
        assert plain(answer.body) == plain(without[place].body), place
        assert str(answer.headers) == str(without[place].headers), place
        assert "XYZZY" not in answer.body.replace('value="XYZZY"', "")
        assert not [name for name in names if name in answer.body]


def test_standards_get_it_on_their_pages_and_on_now(monkeypatch):
    world = worlds(monkeypatch, ALLEGES)
    found = dict(everything(world, Role.STANDARDS))
    one = next(one for one in given(world, Desk.STANDARDS) if one.because is Because.MISCONDUCT)

    assert f"allegation?of={one.id}" in found["/desk/{agency_id}", "{}"].body
    assert one.id in found["/desk/{agency_id}/allegations", "{}"].body


def test_nobody_else_can_take_an_allegation_or_learn_that_it_is_there(world, cookie):
    answered(world, "P26-1", ALLEGES, "1")
    world.now += timedelta(days=4)
    late = world.signed_in("supervisor")
    one = given(world, Desk.STANDARDS)[0]
    theirs = post(world, late, "take", cause="follow_up", about=f"standards#{one.id}")
    nobodys = post(world, late, "take", cause="follow_up", about="standards#000000000000")

    assert theirs.status_code == nobodys.status_code == 409
    assert theirs.body == nobodys.body


def test_the_call_of_an_allegation_is_told_as_if_nobody_had_answered(world, cookie):
    answered(world, "P26-1", ALLEGES, "1")
    answered(world, "P26-2", "slow", "2", phone=OTHER_PHONE)
    hidden, open_ = (get(world, cookie, "incident", number=number).body for number in ("P26-1", "P26-2"))

    assert "overall 1" not in hidden
    assert "overall 2" in open_
    assert world.incidents.load(key("P26-1")).version


PLEA = "please help, he is going to kill me"


@pytest.mark.parametrize("known", [True, False])
def test_an_alert_about_a_text_leads_to_the_phone_and_the_conversation_whether_a_call_knows_it_or_not(
    world, cookie, known
):
    ours = replace(world.settings.agency("springfield"), conversation=RULES, watchers=WATCHED)
    world.settings._port._agencies["springfield"] = world.city.agency = ours
    if known:
        story(world, "P26-1")
    hear(world, PLEA, phone=PHONE)
    (one,) = given(world, Desk.ALERTS)
    alert = get(world, cookie, "alert", of=one.id)
    talk = dict(parse_qsl(re.search(r'conversation\?([^"]+)"', unescape(alert.body))[1]))
    asks = get(world, cookie, "alert-phone", of=one.id)
    refused = post(world, cookie, "alert-phone", of=one.id)
    shown = post(world, cookie, "alert-phone", of=one.id, **WHY)

    assert one.incident_number == ("P26-1" if known else "")
    assert f"alert?of={one.id}" in get(world, cookie, "").body
    assert [problems(page.body) for page in (alert, asks, refused, shown)] == [[]] * 4
    for page in (alert, asks, refused):
        assert PHONE not in page.body
    assert PHONE in shown.body
    assert world.ledger.said[-1] == (What.REVEALED, about_person(one.writer))
    assert PLEA in get(world, cookie, "conversation", **talk).body


def test_an_alert_of_a_text_that_is_kept_no_more_leads_to_nobody(world, cookie):
    hear(world, PLEA, phone=PHONE)
    (one,) = given(world, Desk.ALERTS)
    world.city.ports.contacts.kept_replies.clear()

    assert "Nobody can be called back." in post(world, cookie, "alert-phone", of=one.id, **WHY).body


def test_where_conversations_are_off_an_alert_leads_to_the_phone_alone(world, cookie):
    hear(world, PLEA, phone=PHONE)
    (one,) = given(world, Desk.ALERTS)

    assert "/conversation?" not in get(world, cookie, "alert", of=one.id).body
    assert PHONE in post(world, cookie, "alert-phone", of=one.id, **WHY).body
