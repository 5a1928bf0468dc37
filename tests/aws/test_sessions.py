"""Sessions at the desk, kept alike in memory and in DynamoDB."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.database import Database
from chalicelib.aws.document import encode
from chalicelib.aws.stores.sessions import NoDesk, SessionTable
from chalicelib.aws.tables import SessionItem, bind
from chalicelib.domain.desk.own_phone import OwnPhone
from chalicelib.domain.desk.own_text import Allowance
from chalicelib.domain.desk.pending import Pending
from chalicelib.domain.desk.session import Limits, Session, limits_of
from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.desk import Desk
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.sessions import MemorySessions
from tests.factories import NOW, after

LATER = NOW + timedelta(hours=12)
ISSUER = "https://id.springfield.example"


@pytest.fixture(scope="session")
def made():
    """Return tables that were made here, by the connection of each database."""
    return {}


@pytest.fixture
def sessions(world, made):
    if not hasattr(world, "connection"):
        return MemorySessions()
    if world not in made:
        items = bind(SessionItem, f"sessions-{uuid4().hex[:8]}", world.connection)
        items.create_table(wait=True, billing_mode="PAY_PER_REQUEST")
        made[world] = items
    return SessionTable(made[world], world.connection)


def session(**changes):
    usual = Session(
        hash=uuid4().hex * 2,
        issuer=ISSUER,
        subject=uuid4().hex,
        name="Ann Ñ",
        groups={"roles": ("Watch", "a#b")},
        methods=("mfa",),
        signed_in_at=NOW,
        began_at=NOW,
        acted_at=NOW,
        limits=Limits(idle=Duration(minutes=10), longest=Duration(hours=8)),
    )
    return replace(usual, **changes)


def pending():
    return Pending(
        state_hash=uuid4().hex * 2, target="/desk/", issuer=ISSUER, redirect_uri="https://x", begun_at=NOW, again_as="a"
    )


def test_a_session_is_read_back_whole(sessions):
    one = session()
    sessions.open(one, LATER)

    assert sessions.find(one.hash) == one
    assert sessions.find(uuid4().hex * 2) is None


def test_the_limits_of_an_agency_s_settings_are_read_back(sessions):
    """A file's `15m` and a default are other types of Python's, and the same time."""
    for desk in (Desk(), Desk(idle=Duration.parse("15m"), longest=Duration.parse("10h"))):
        one = session(limits=limits_of(desk))
        sessions.open(one, LATER)

        assert sessions.find(one.hash).limits == limits_of(desk)


def test_a_newer_release_s_session_is_read_without_what_it_added(tables, made):
    sessions, one = _table(tables, made), session()
    sessions.open(one, LATER)
    item = made[tables].get(f"session#{one.hash}", "session")
    item.document = encode(json.loads(item.document) | {"newer": {"than": "this"}})
    item.save()

    assert sessions.find(one.hash) == one


def test_an_act_is_noted(sessions):
    one = session()
    sessions.open(one, LATER)

    assert sessions.acted(one.hash, after(5)) is True
    assert sessions.find(one.hash) == replace(one, acted_at=after(5))


def test_a_closed_session_stays_closed(sessions):
    one = session()
    sessions.open(one, LATER)
    sessions.close(one)
    sessions.close(one)

    assert sessions.acted(one.hash, after(1)) is False
    assert sessions.find(one.hash) is None
    assert list(sessions.of(one.issuer, one.subject)) == []


def test_all_of_a_person_s_sessions_end_and_nobody_else_s(sessions):
    one = session()
    second, other = replace(session(began_at=after(1)), subject=one.subject), session()
    elsewhere = replace(session(), subject=one.subject, issuer="https://other.example")
    for each in (one, second, other, elsewhere):
        sessions.open(each, LATER)

    assert list(sessions.of(one.issuer, one.subject)) == [second, one]
    assert sessions.close_all(one.issuer, one.subject) == 2
    assert sessions.close_all(one.issuer, one.subject) == 0
    assert [sessions.find(each.hash) for each in (one, second, other, elsewhere)] == [None, None, other, elsewhere]


@pytest.mark.parametrize("subject", ["a#b", "a b", "ä", "x" * 255, "../!person#"])
def test_whatever_a_subject_is_called_it_has_sessions_of_its_own(sessions, subject):
    one, other = session(subject=subject), session(subject=subject[:-1] + "~")
    sessions.open(one, LATER)
    sessions.open(other, LATER)

    assert list(sessions.of(ISSUER, subject)) == [one]
    sessions.close_all(ISSUER, subject)
    assert sessions.find(other.hash) == other
    sessions.close(other)


def test_a_sign_in_that_began_is_taken_once(sessions):
    one = pending()
    sessions.begin(one, after(10))

    assert [sessions.take(one.state_hash) for _ in range(3)] == [one, None, None]
    assert sessions.take("x") is None


def test_no_cookie_and_no_session_opens_a_sign_in_or_the_other_way_round(sessions):
    one, begun = session(), pending()
    sessions.open(one, LATER)
    sessions.begin(begun, after(10))

    assert sessions.find(begun.state_hash) is None
    assert sessions.take(one.hash) is None
    assert sessions.find(one.hash) == one


def test_rows_go_by_themselves_when_they_have_ended(tables, made):
    sessions = _table(tables, made)
    one, begun = session(), pending()
    sessions.open(one, LATER)
    sessions.begin(begun, after(10))

    kept = {item.pk.partition("#")[0]: item.expires for item in made[tables].scan() if _is_of(item, one, begun)}
    assert kept == {"session": LATER, "person": LATER, "begun": after(10)}


def _table(tables, made):
    if tables not in made:
        made[tables] = bind(SessionItem, f"sessions-{uuid4().hex[:8]}", tables.connection)
        made[tables].create_table(wait=True, billing_mode="PAY_PER_REQUEST")
    return SessionTable(made[tables], tables.connection)


def _is_of(item, one, begun):
    return one.hash in (item.pk.partition("#")[2], item.sk) or begun.state_hash in item.pk


def test_a_request_reads_once_and_an_act_writes_once(tables, made):
    """What a page costs before it shows anything: one consistent read, and a write a minute of work."""
    sessions = _table(tables, made)
    one = session()
    sessions.open(one, LATER)
    calls = []
    client = tables.connection.client
    client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="count")
    try:
        sessions.find(one.hash)
        sessions.acted(one.hash, after(1))
    finally:
        client.meta.events.unregister("before-call.dynamodb", unique_id="count")

    assert calls == ["GetItem", "UpdateItem"]


def test_a_stack_without_a_desk_says_what_to_do(tables):
    stores = Database({}, tables.connection, lambda: NOW, lambda: b"secret")

    with pytest.raises(NoDesk, match="Desk=true"):
        stores.sessions  # noqa: B018  reading it is what fails


def test_searches_are_counted_by_person_agency_and_hour(sessions):
    who = uuid4().hex
    counts = [sessions.searched("springfield", ISSUER, who, NOW) for _ in range(3)]

    assert counts == [1, 2, 3]
    assert sessions.searched("shelbyville", ISSUER, who, NOW) == 1
    assert sessions.searched("springfield", ISSUER, uuid4().hex, NOW) == 1
    assert sessions.searched("springfield", ISSUER, who, NOW + timedelta(hours=1)) == 1
    assert sessions.of(ISSUER, who) == []


def test_an_agency_s_sessions_are_found_the_newest_first_and_those_that_were_closed_are_not(sessions):
    place = f"a{uuid4().hex[:8]}"
    old, first, second, gone, other = (session() for _ in range(5))
    for minutes, one, where in (
        (0, old, place),
        (1, first, place),
        (2, second, place),
        (3, gone, place),
        (4, other, "x"),
    ):
        sessions.open(replace(one, began_at=after(minutes)), LATER, [where])
    sessions.close(gone)

    found = [one.hash for one in sessions.at(place, after(1), 10)]
    assert found == [second.hash, first.hash]
    assert len(sessions.at(place, NOW, 2)) <= 2


def test_wall_screens_stand_before_an_agency_s_sessions_however_old_they_are_and_are_gone_when_they_end(sessions):
    place = f"a{uuid4().hex[:8]}"
    one, screen, gone = session(), *(replace(session(), wall=True, wall_at=place, began_at=NOW) for _ in range(2))
    for each in (replace(one, began_at=after(60)), screen, gone):
        sessions.open(each, LATER, [place])
    sessions.close(gone)

    assert [each.hash for each in sessions.at(place, after(30), 10)] == [screen.hash, one.hash]
    assert [each.hash for each in sessions.at(place, after(30), 1)] == [screen.hash]


def own_phone(**changes):
    return OwnPhone(**{"phone": "+13035550170", "code": "c1", "code_hash": "aa", "asked_at": NOW} | changes)


def test_a_phone_of_one_s_own_is_written_over_what_was_read(sessions):
    one = session()
    sessions.open(one, LATER)
    assert sessions.own_phone(one.hash) is None
    known = sessions.put_own_phone(one.hash, own_phone(), LATER)
    after_it = sessions.put_own_phone(one.hash, replace(known, proven_at=NOW, texts=("t1",)), LATER)

    assert sessions.own_phone(one.hash) == after_it
    assert sessions.find(one.hash) == one
    for stale in (known, own_phone()):
        with pytest.raises(Conflict):
            sessions.put_own_phone(one.hash, stale, LATER)


def test_a_phone_of_one_s_own_goes_with_its_session(sessions):
    one = session()
    second, other = replace(session(), subject=one.subject), session()
    for each in (one, second, other):
        sessions.open(each, LATER)
        sessions.put_own_phone(each.hash, own_phone(), LATER)
    sessions.close(one)
    assert sessions.own_phone(one.hash) is None
    sessions.close_all(one.issuer, one.subject)

    assert sessions.own_phone(second.hash) is None
    assert sessions.own_phone(other.hash) is not None


def test_texts_to_one_s_own_phone_are_counted_by_person_day_and_agency(sessions):
    ann, ben, agency_id, day = (ISSUER, uuid4().hex), (ISSUER, uuid4().hex), uuid4().hex[:8], NOW.date()
    codes, tests = Allowance(use="codes", of_person=2, of_agency=4), Allowance(use="tests", of_person=1, of_agency=4)

    def count(who, allowed, at=day, agency=agency_id):
        return sessions.count_own_text(agency, who, at, allowed)

    assert [count(ann, codes) for _ in range(3)] == [True, True, False]
    assert count(ann, codes, agency=uuid4().hex[:8]) is False
    assert [count(ann, tests) for _ in range(2)] == [True, False]
    assert [count(ben, codes) for _ in range(2)] == [True, False]
    assert count(ben, codes, day + timedelta(days=1)) is True
    assert count(ben, codes, agency=uuid4().hex[:8]) is True
