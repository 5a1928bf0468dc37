"""The brake at the desk: it acts first; letting go is noted first, and shows what would go."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from pynamodb.exceptions import GetError

from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.desk.brake import MOST_CALLS, going, held_by, read_day
from chalicelib.ports.errors import Conflict
from tests.web.desk.test_now import Down
from tests.web.desk.world import asked, key, story

PAUSE, RESUME = "/desk/springfield/pause", "/desk/springfield/resume"


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def press(world, cookie, path=PAUSE, **form):
    return asked(world, "POST", path, cookie=cookie, form=form)


def held(world, number, reason=Reason.PAUSED, left=10, **more):
    """Let a call have a text that a pause holds."""
    story(world, number, **more)
    row = next(iter(world.incidents.load(key(number)).rows.values()))
    until = world.now + timedelta(minutes=left)
    world.incidents.put(
        replace(row, state=State.SCHEDULED, reason=reason, expires_at=until, send_at=until, sent_at=None)
    )


def test_one_press_holds_everything_and_the_note_comes_after(world, cookie):
    answer = press(world, cookie, what="agency")

    (pause,) = world.settings.pauses
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/springfield")
    assert (pause.of, pause.author, pause.at) == (
        "agency",
        "Dana Ruiz (desk:id.springfield.example:subject-supervisor)",
        world.now,
    )
    assert world.ledger.said == [("paused", "everything")]


@pytest.mark.parametrize("form", [{}, {"what": "nonsense:1"}, {"what": "agency"}], ids=str)
def test_a_form_that_can_t_be_understood_holds_everything(world, cookie, form):
    press(world, cookie, **form)

    assert [one.of for one in world.settings.pauses] == ["agency"]


def test_the_brake_works_without_a_ledger_and_with_nothing_else_readable(world, cookie):
    world.ledger.down = True
    world.attention = world.recent = world.incidents = Down()
    conditions = world.settings._port.conditions
    world.settings._port.conditions = lambda name: (_ for _ in ()).throw(GetError("no answer"))

    answer = press(world, cookie, what="agency")

    world.settings._port.conditions = conditions
    assert answer.status_code == 303
    assert [one.of for one in world.settings.pauses] == ["agency"]


def test_the_brake_works_on_a_stack_that_has_no_ledger(world, cookie):
    class Without:
        def __getattr__(self, name):
            raise LookupError("no ledger")

    world.ledger = Without()

    assert press(world, cookie, what="agency").status_code == 303
    assert [one.of for one in world.settings.pauses] == ["agency"]


def test_a_second_press_leaves_since_when_and_by_whom(world, cookie):
    press(world, cookie, what="agency")
    first = world.settings.pauses
    world.now += timedelta(minutes=3)
    press(world, world.signed_in("supervisor", cookie="other", name="Lee Park"), what="agency")

    assert world.settings.pauses == first


def test_a_part_is_chosen_from_what_there_is_in_settings_and_calls(world, cookie):
    story(world, "P26-1", beat="7")
    page = asked(world, "GET", PAUSE, cookie=cookie).body

    for value in ("kind:survey", "type:NOISE", "type:ALL", "beat:7"):
        assert f'value="{value}"' in page
        press(world, cookie, what=value)
    assert {(one.of, one.which) for one in world.settings.pauses} >= {("kind", "survey"), ("beat", "7")}
    assert press(world, cookie, what="beat:99").status_code == 422
    assert press(world, cookie, what="type:").status_code == 422
    assert len(world.settings.pauses) == 4


@pytest.mark.parametrize(
    ("language", "can", "held"),
    [
        ("en", "Nobody told of this call yet. It can be paused", "Nobody told of this call yet. It is paused"),
        (
            "es",
            "Nadie ha informado todavía de esta llamada. Se puede",
            "Nadie ha informado todavía de esta llamada. Está",
        ),
    ],
)
def test_a_call_of_which_nobody_told_is_paused_and_the_page_says_so(world, cookie, language, can, held):
    speaks = {"accept-language": language}
    form = {"what": "agency", "incident": "P26-9"}
    shown = asked(world, "POST", f"{PAUSE}-preview", cookie=cookie, form=form, headers=speaks).body
    answer = press(world, cookie, **form)
    path, _, flag = answer.headers["Location"].partition("?")
    after = asked(world, "GET", path, cookie=cookie, query=dict([flag.split("=")]), headers=speaks).body

    assert [(one.of, one.which) for one in world.settings.pauses] == [("incident", "P26-9")]
    assert can in shown
    assert held in after
    assert held not in asked(world, "GET", path, cookie=cookie, headers=speaks).body


def test_a_call_that_is_known_is_paused_without_a_warning(world, cookie):
    story(world, "P26-1")
    shown = asked(world, "POST", f"{PAUSE}-preview", cookie=cookie, form={"incident": "P26-1"}).body

    assert "Nobody told" not in shown
    assert press(world, cookie, incident="P26-1").headers["Location"] == "/desk/springfield"


def test_without_a_pause_of_a_call_an_address_alone_warns_of_nothing(world, cookie):
    assert "Nobody told" not in asked(world, "GET", PAUSE, cookie=cookie, query={"unheard": "1"}).body


def test_where_calls_can_t_be_read_nobody_says_that_nobody_told(world, cookie):
    world.incidents = Down()

    assert press(world, cookie, incident="P26-9").headers["Location"] == "/desk/springfield"


def test_one_call_is_named_by_its_number_and_never_by_a_phone(world, cookie):
    assert press(world, cookie, what="agency", incident=" P26-9 ").status_code == 303
    refused = press(world, cookie, incident="303-555-0123")

    assert [(one.of, one.which) for one in world.settings.pauses] == [("incident", "P26-9")]
    assert refused.status_code == 422
    assert "Give the call&#39;s number" in refused.body
    assert world.ledger.said == [("paused", "incident P26-9")]


def test_a_preview_counts_the_texts_that_wait_and_holds_none(world, cookie):
    for number in range(3):
        held(world, f"P26-{number}", reason="", beat="7" if number else "8")
    day = read_day(world, "springfield", world.now).found

    shown = asked(world, "POST", "/desk/springfield/pause-preview", cookie=cookie, form={"what": "beat:7"})

    assert held_by("agency", "", day) == 3
    assert "would be held: 2." in shown.body
    assert 'value="beat:7" selected' in shown.body
    assert not world.settings.pauses


def test_a_preview_that_can_t_count_says_so_and_the_choice_is_held_all_the_same(world, cookie, monkeypatch):
    monkeypatch.setattr("chalicelib.insight.desk.brake.MOST", 1)
    held(world, "P26-1", reason="")
    many = asked(world, "GET", PAUSE, cookie=cookie).body
    world.recent = Down()
    unknown = asked(world, "GET", PAUSE, cookie=cookie).body

    assert "would be held: at least" in many
    assert "can&#39;t be counted now" in unknown
    assert press(world, cookie, what="type:NOISE").status_code == 303


def test_a_press_at_the_same_moment_as_another_counts(world, cookie):
    conflicts = [Conflict(), Conflict()]
    put_on = world.settings._port.pause

    def pause(agency_id, one):
        if conflicts:
            raise conflicts.pop()
        put_on(agency_id, one)

    world.settings._port.pause = pause

    assert press(world, cookie, what="agency").status_code == 303
    assert [one.of for one in world.settings.pauses] == ["agency"]


def test_a_reason_is_kept_and_cut(world, cookie):
    press(world, cookie, what="agency", reason="  storm\n over  town " + "x" * 500)

    (pause,) = world.settings.pauses
    assert pause.reason.startswith("storm over town x")
    assert len(pause.reason) == 200


def paused(world, of="agency", which=""):
    world.settings._port.pauses = (
        Pause(of=of, which=which, author="R. Lead", reason="storm", at=world.now - timedelta(minutes=20)),
    )
    return world.settings.pauses[0]


def lift(world, cookie, pause):
    return press(world, cookie, RESUME, of=pause.of, which=pause.which, at=pause.at.isoformat())


def test_before_it_is_lifted_the_page_shows_what_would_go_and_what_is_too_old(world, cookie):
    held(world, "P26-1")
    held(world, "P26-3", reason=Reason.QUIET_HOURS)
    held(world, "P26-2", left=-1)
    paused(world)
    page = " ".join(asked(world, "GET", RESUME, cookie=cookie).body.split())

    assert '<th scope="row">acknowledgments</th><td class="n">1</td><td class="n">1</td>' in page
    assert "Resume everything" in page


def test_lifting_is_noted_first_and_a_part_that_another_pause_holds_stays(world, cookie):
    lifted = lift(world, cookie, paused(world, "beat", "7"))

    assert lifted.status_code == 303
    assert world.settings.pauses == ()
    assert world.ledger.said == [("resumed", "beat 7")]


def test_what_can_t_be_noted_is_not_lifted(world, cookie):
    pause = paused(world)
    world.ledger.down = True

    answer = lift(world, cookie, pause)

    assert answer.status_code == 503
    assert "could not be noted" in answer.body
    assert world.settings.pauses == (pause,)


@pytest.mark.parametrize(
    "changes",
    [{"at": "2026-01-01T00:00:00+00:00"}, {"of": "kind"}, {"which": "x"}, {"of": "tables"}, {"of": "<b>"}],
    ids=str,
)
def test_only_the_pause_that_was_shown_is_lifted(world, cookie, changes):
    pause = paused(world)
    form = {"of": pause.of, "which": pause.which, "at": pause.at.isoformat()} | changes

    answer = press(world, cookie, RESUME, **form)

    assert answer.status_code == 409
    assert world.settings.pauses == (pause,)
    assert world.ledger.entries == []


def test_restored_tables_are_taken_over_by_command_alone(world, cookie):
    paused(world, "tables", "incidents")
    page = asked(world, "GET", RESUME, cookie=cookie).body

    assert "tenfour settings resume --restored" in page
    assert "<button" not in page.split("<main")[1]


def test_the_banner_is_on_every_page_of_the_agency_meanwhile(world, cookie):
    story(world)
    paused(world)
    call = asked(world, "GET", "/desk/springfield/incident", cookie=cookie, query={"number": "P26-1"})
    others = [asked(world, "GET", path, cookie=cookie) for path in (PAUSE, RESUME, "/desk/springfield/incident")]

    assert all("PAUSED: nothing is sent." in page.body and "R. Lead" in page.body for page in (call, *others))
    assert "<h1>Call P26-1</h1>" in call.body


def test_what_would_go_is_read_from_few_calls_however_many_wait(world):
    for number in range(MOST_CALLS + 5):
        held(world, f"P26-{number}")
    world.calls.clear()

    found = going(world, "springfield", (paused(world),), world.now)

    assert found.more
    assert found.kinds == (("acknowledgment", MOST_CALLS, 0),)
    assert dict(world.calls) == {"recent.of": 1, "incidents.load": MOST_CALLS}


def test_a_reason_stays_in_the_form_that_is_shown_again(world, cookie):
    form = {"what": "type:NOISE", "reason": "wrong  words"}
    shown = asked(world, "POST", "/desk/springfield/pause-preview", cookie=cookie, form=form)
    refused = press(world, cookie, what="type:NOPE", reason="wrong words")

    assert 'value="wrong words"' in shown.body
    assert 'value="wrong words"' in refused.body
    assert "has type NOPE." in refused.body


def test_where_several_pauses_stand_now_has_them_all_and_resume_says_that_each_is_lifted_alone(world, cookie):
    press(world, cookie, what="type:NOISE", reason="wrong words")
    one = asked(world, "GET", "/desk/springfield/resume", cookie=cookie).body
    press(world, cookie, what="agency")
    two = asked(world, "GET", "/desk/springfield/resume", cookie=cookie).body
    now = asked(world, "GET", "/desk/springfield", cookie=cookie).body

    assert "Each button lifts one pause" not in one
    assert "Each button lifts one pause" in two
    assert "Paused by itself, too: type NOISE." in now
    assert '“<span lang="en">wrong words</span>”' in now
