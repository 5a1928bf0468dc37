"""Keys at the desk: a secret is shown once, others' keys are nobody's business, and of two admins one wins."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.auth import Unauthentic, authenticate
from chalicelib.domain.ledger.what import What
from chalicelib.insight.keys.make import as_sent, fresh_key
from chalicelib.web.desk import key_pages
from tests.web.desk.valid import problems
from tests.web.desk.world import asked

PATH, ONE = "/desk/springfield/keys", "/desk/springfield/key"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def admin(world):
    return world.signed_in("admin")


def names(world):
    return [key.name for key in world.key_ring.read()]


def add(world, cookie, **form):
    version = form.pop("version", world.key_ring.look().version)
    return asked(world, "POST", PATH, cookie=cookie, form={"name": "cad-2027", "version": version} | form)


def press(world, cookie, act, name="cad-2027", version=""):
    version = version or world.key_ring.look().version
    return asked(world, "POST", ONE, cookie=cookie, form={"act": act, "name": name, "version": version})


@pytest.mark.parametrize("way", ["signature", "bearer", "basic", "header"])
def test_a_new_key_is_shown_once_in_the_answer_and_opens(world, admin, way):
    answer = add(world, admin, way=way)
    (key,) = world.key_ring.read()
    secret = key.secret or key.bearer or key.basic or key.header

    assert answer.status_code == 200
    assert secret in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert problems(answer.body) == []
    assert key.agencies == ("springfield",)
    assert key.received_until == world.now + timedelta(days=30)
    for path in (PATH, f"{ONE}", "/desk/springfield"):
        assert secret not in asked(world, "GET", path, cookie=admin, query={"name": key.name}).body
    if way != "signature":
        headers = {name.lower(): value for name, value in as_sent(key).items()}
        assert authenticate(headers, b"", "cad", (key,), world.now) == key


def test_a_key_that_was_added_is_noted_first_and_without_a_note_it_is_not_added(world, admin):
    add(world, admin)
    assert world.ledger.said[-1] == (What.KEYS_CHANGED, "key cad-2027: added")

    world.ledger.down = True
    answer = add(world, admin, name="cad-2028")
    assert answer.status_code == 503
    assert names(world) == ["cad-2027"]


def test_a_key_is_removed_although_the_ledger_is_down(world, admin):
    add(world, admin)
    world.ledger.down = True

    assert press(world, admin, "remove").status_code == 303
    assert names(world) == []


def test_a_removed_key_opens_nothing(world, admin):
    key = world.key_ring.add(fresh_key("cad-2027", "cad", "springfield", "bearer"))
    press(world, admin, "remove")

    with pytest.raises(Unauthentic):
        authenticate(as_sent(key), b"", "cad", world.key_ring.read(), world.now)
    assert world.ledger.said[-1] == (What.KEYS_CHANGED, "key cad-2027: removed")


def test_posting_a_form_again_adds_nothing_and_shows_no_secret(world, admin):
    version = world.key_ring.look().version
    add(world, admin, version=version)
    again = add(world, admin, version=version)

    assert again.status_code == 409
    assert world.key_ring.read()[0].secret not in again.body
    assert names(world) == ["cad-2027"]


def test_of_two_admins_one_wins_and_the_other_is_told_with_what_they_typed_kept(world, admin):
    version = world.key_ring.look().version
    add(world, admin, name="first", version=version)
    late = add(world, admin, name="second", version=version)

    assert late.status_code == 409
    assert "Somebody else changed the keys" in late.body
    assert 'value="second"' in late.body
    assert names(world) == ["first"]


def test_two_at_the_very_same_moment_lose_no_key(world, admin, monkeypatch):
    put = world.secrets.put_secret_value

    def meanwhile(**said):
        monkeypatch.setattr(world.secrets, "put_secret_value", put)
        world.key_ring.add(fresh_key("first", "cad", "springfield"))
        return put(**said)

    monkeypatch.setattr(world.secrets, "put_secret_value", meanwhile)
    answer = add(world, admin, name="second")

    assert answer.status_code == 409
    assert names(world) == ["first"]
    assert [one.failed for one in world.ledger.entries if one.what == What.KEYS_CHANGED] == [False, True]


@pytest.mark.parametrize("act", ["remove", "read", "unread"])
def test_an_hour_old_page_changes_no_key_that_somebody_else_made_since(world, admin, act):
    add(world, admin)
    old = world.key_ring.look().version
    press(world, admin, "remove")
    add(world, admin)
    before = world.key_ring.read()

    assert press(world, admin, act, version=old).status_code == 409
    assert world.key_ring.read() == before


def test_a_key_reads_back_for_a_month_or_no_more(world, admin):
    world.key_ring.add(fresh_key("cad-2027", "cad", "springfield"))

    press(world, admin, "read")
    assert world.key_ring.read()[0].received_until == world.now + timedelta(days=30)
    press(world, admin, "unread")
    assert world.key_ring.read()[0].received_until is None


def test_another_agencys_key_is_not_there(world, admin):
    world.key_ring.add(fresh_key("theirs", "cad", "shelbyville"))

    assert "theirs" not in asked(world, "GET", PATH, cookie=admin).body
    assert asked(world, "GET", ONE, cookie=admin, query={"name": "theirs"}).status_code == 404
    assert press(world, admin, "remove", "theirs").status_code == 409
    assert names(world) == ["theirs"]


@pytest.mark.parametrize("act", ["read", "unread"])
def test_what_other_agencies_read_with_a_key_too_is_not_changed_here_and_the_page_says_so(world, admin, act):
    world.key_ring.add(replace(fresh_key("both", "cad", "springfield"), agencies=("springfield", "shelbyville")))
    before = world.key_ring.read()
    answer = press(world, admin, act, name="both")

    assert answer.status_code == 409
    assert "Other agencies have this key, too" in answer.body
    assert world.key_ring.read() == before
    assert not world.ledger.said


def test_a_key_of_two_agencies_is_taken_from_one_and_stays_with_the_other(world, admin):
    world.key_ring.add(replace(fresh_key("both", "cad", "springfield"), agencies=("springfield", "shelbyville")))
    press(world, admin, "read", "both")
    assert world.key_ring.read()[0].received_until is None

    press(world, admin, "remove", "both")
    assert [key.agencies for key in world.key_ring.read()] == [("shelbyville",)]


@pytest.mark.parametrize(
    "form",
    [
        {"name": NASTY},
        {"name": ""},
        {"name": "x" * 41},
        {"name": "303-555-0123"},
        {"way": "header", "header": "cookie"},
        {"way": "header", "header": "x y"},
        {"way": NASTY},
        {"feed": "x"},
        {"null": "x"},
    ],
)
def test_a_key_that_can_t_be_is_refused_and_what_was_typed_is_kept(world, admin, form):
    answer = add(world, admin, **form)

    assert answer.status_code == 422
    assert NASTY not in answer.body
    assert problems(answer.body) == []
    assert names(world) == []
    assert [what for what, _ in world.ledger.said] == []


def test_a_name_that_is_taken_is_said(world, admin):
    add(world, admin)

    assert "Choose another name" in add(world, admin).body


def test_script_in_a_key_s_name_is_text(world, admin):
    world.key_ring.add(fresh_key(NASTY, "cad", "springfield"))
    shown = asked(world, "GET", PATH, cookie=admin)
    one = asked(world, "GET", ONE, cookie=admin, query={"name": NASTY})

    for answer in (shown, one):
        assert NASTY not in answer.body
        assert problems(answer.body) == []
    press(world, admin, "remove", NASTY)
    assert names(world) == []


def test_where_the_stack_keeps_keys_from_the_desk_the_page_names_the_commands(world, admin):
    world.key_ring = None

    assert "tenfour keys add" in asked(world, "GET", PATH, cookie=admin).body
    assert asked(world, "POST", PATH, cookie=admin, form={"name": "x"}).status_code == 200
    assert asked(world, "POST", ONE, cookie=admin, form={"name": "x", "act": "remove"}).status_code == 200


def test_keys_that_can_t_be_read_are_said_and_feeds_go_on(world, admin):
    world.secrets.down = True

    assert "can&#39;t be read now" in asked(world, "GET", PATH, cookie=admin).body


def test_keys_ask_for_a_sign_in_of_the_last_half_hour(world):
    cookie = world.signed_in("admin", signed_in_at=world.now - timedelta(minutes=31))

    answer = asked(world, "POST", PATH, cookie=cookie, form={"name": "cad-2027"})
    assert answer.status_code == 401
    assert names(world) == []


def test_the_page_says_after_how_many_minutes_a_change_counts(world, admin):
    assert f"within {key_pages.MINUTES} minutes" in asked(world, "GET", PATH, cookie=admin).body
