"""Watchers: who is paged of what, masked, and drills that show whether they are reached."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.settings.watchers import Watchers
from chalicelib.flow.desk.page_watchers import page_watchers
from chalicelib.ports.carrier import SendFailed
from tests.web.desk.valid import problems
from tests.web.desk.world import SHELBYVILLE, SPRINGFIELD, DeskWorld, asked

PATH = "/desk/springfield/watchers"
FIRST, SECOND = "+13035550140", "duty@pd.example"
WATCHED = {Cause.DANGER: Watchers(first=FIRST, second=SECOND)}


@pytest.fixture
def watched(monkeypatch):
    """Return a desk whose agency names who watches danger."""
    world = DeskWorld(replace(SPRINGFIELD, watchers=WATCHED), SHELBYVILLE)
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: world.now)
    return world


def look(world, *roles):
    return asked(world, "GET", PATH, cookie=world.signed_in(*(roles or ("supervisor",))))


def post(world, role="supervisor", **form):
    return asked(world, "POST", PATH, cookie=world.signed_in(role), form=form)


def sweep(world):
    world.now += timedelta(minutes=1)
    page_watchers(world.city.ports, world.now)


def drilled(world):
    return [(one.address, one.body) for one in (*world.city.ports.sms.outgoing, *world.city.ports.email.outgoing)]


def test_it_shows_who_watches_and_no_whole_address(watched):
    page = look(watched).body

    assert "…0140" in page
    assert "d…@pd.example" in page
    assert not problems(page)
    assert FIRST[2:] not in page
    assert SECOND not in page
    assert "Nobody watches: Held calls, Trouble with the feed," in page


def test_without_watchers_it_says_that_nobody_is_paged(world):
    assert "Nobody is paged when something waits" in look(world, "admin").body


def test_a_drill_goes_as_a_real_page_does_and_its_code_shows_that_it_arrived(watched):
    assert post(watched, drill="danger first").status_code == 303
    assert not drilled(watched)
    assert "on its way" in look(watched).body
    sweep(watched)
    ((address, body),) = drilled(watched)
    code = body.partition("Enter ")[2][:4]
    post(watched, code=f" {code} ")
    sweep(watched)

    assert address == FIRST
    assert code.isdecimal()
    assert len(drilled(watched)) == 1
    assert "reached 18:01, Dana Ruiz" in look(watched).body.replace("11:01", "18:01")
    assert watched.ledger.said == [("drilled", "danger first"), ("drilled", "a code that arrived")]


@pytest.mark.parametrize("code", ["", "0", "12 34 5", "<script>", "９９９９"])
def test_a_wrong_code_reaches_nobody(watched, code):
    post(watched, drill="danger first")
    sweep(watched)
    answer = post(watched, code=code)

    assert answer.status_code == 422
    assert "No drill of the last hour has these digits" in answer.body
    assert "reached" not in look(watched).body


def test_nobody_can_try_all_the_codes(watched):
    post(watched, drill="danger first")
    sweep(watched)
    code = drilled(watched)[0][1].partition("Enter ")[2][:4]
    wrong = [f"{(int(code) + more) % 10_000:04}" for more in range(1, 11)]
    answers = [post(watched, code=one) for one in wrong]
    page = look(watched).body
    post(watched, drill="danger first")
    sweep(watched)
    again = drilled(watched)[1][1].partition("Enter ")[2][:4]
    barred = post(watched, code=again)
    other = post(watched, role="admin", code=again)

    assert "Send a new drill" in answers[4].body
    assert "not reached: too many wrong digits" in page
    assert {one.status_code for one in answers} == {422}
    assert barred.status_code == 429
    assert "Wait an hour, or ask somebody else" in barred.body
    assert other.status_code == 303
    assert "reached" in look(watched).body


def test_a_try_too_many_writes_nothing_and_a_right_code_costs_what_it_did(watched):
    post(watched, drill="danger first")
    sweep(watched)
    code = drilled(watched)[0][1].partition("Enter ")[2][:4]
    wrong = f"{(int(code) + 1) % 10_000:04}"
    before = watched.calls.copy()
    post(watched, code=code)
    right = watched.calls - before
    for _ in range(10):
        post(watched, code=wrong)
    before = watched.calls.copy()
    post(watched, code=wrong)
    barred = watched.calls - before

    assert (right["settings.paging"], right["settings.note_paging"]) == (1, 1)
    assert barred["settings.note_paging"] == 0


def test_a_code_of_the_night_before_does_not_count(watched):
    post(watched, drill="danger first")
    sweep(watched)
    code = drilled(watched)[0][1].partition("Enter ")[2][:4]
    watched.now += timedelta(hours=2)

    assert post(watched, code=code).status_code == 422


def test_another_phone_in_the_settings_was_reached_by_no_drill(watched):
    post(watched, drill="danger first")
    sweep(watched)
    post(watched, code=drilled(watched)[0][1].partition("Enter ")[2][:4])
    moved = replace(SPRINGFIELD, watchers={Cause.DANGER: Watchers(first="+13035550149", second=SECOND)})
    watched.city.ports.settings._agencies["springfield"] = moved

    assert "reached" not in look(watched).body


def test_a_drill_that_can_t_be_sent_says_so(watched):
    class Broken:
        tells = True

        def send(self, outgoing):
            raise SendFailed("permanent", "no such phone")

    watched.city.ports.senders = {**watched.city.ports.senders, "sns": Broken()}
    post(watched, drill="danger first")
    sweep(watched)

    assert "could not be sent" in look(watched).body
    assert "no such phone" in look(watched).body


@pytest.mark.parametrize("form", [{"drill": "held first"}, {"drill": "unjudged first"}, {"drill": "x"}, {}])
def test_a_drill_of_somebody_who_is_not_named_is_told(watched, form):
    answer = post(watched, **form)

    assert answer.status_code == 422
    assert "do not name that person any more" in answer.body
    assert not watched.ledger.said


def test_whoever_only_looks_at_the_board_can_send_none(watched):
    assert look(watched, "watch").status_code == 403
    assert post(watched, role="watch", drill="danger first").status_code == 403


def test_what_can_t_be_noted_sends_no_drill(watched):
    watched.ledger.down = True
    answer = post(watched, drill="danger first")
    sweep(watched)

    assert answer.status_code == 503
    assert not drilled(watched)
