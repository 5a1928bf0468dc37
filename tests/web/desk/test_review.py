"""Access review at the desk: to read, to print, to download; each is noted."""

import pytest

from chalicelib.domain.ledger.noted import as_roles
from chalicelib.domain.ledger.what import What
from tests.web.desk.test_ledger import ANN, NASTY, note
from tests.web.desk.valid import problems
from tests.web.desk.world import asked

PATH = "/desk/springfield/access-review"


@pytest.fixture
def auditor(world):
    note(world, 90, name="Ann Lead", what=What.SIGNED_IN, about=as_roles(["records"]))
    note(world, 80, name="Ann Lead", what=What.REVEALED, about="person 3f2a9c01d77b", reason="court", ticket="26-104")
    note(world, 60 * 24 * 200, name="Old Hand", by=f"{ANN}x", what=What.SIGNED_IN)
    return world.signed_in("auditor", agencies=("springfield",))


def test_it_tells_who_signed_in_with_which_roles_and_did_what_and_who_may_do_what(world, auditor):
    answer = asked(world, "GET", PATH, cookie=auditor)

    for told in ("Ann Lead", "Sign-ins: 1.", "Roles at sign-in: records", "tenfour-supervisor", "Old Hand"):
        assert told in " ".join(answer.body.split())
    assert problems(answer.body) == []
    assert "3f2a9c01d77b" not in answer.body
    assert world.ledger.said[-1] == (What.LOOKED, "the ledger")


def test_looks_at_protected_people_are_counted_for_all_and_for_each(world, auditor):
    for minutes in (3, 4):
        note(world, minutes, name="Ann Lead", what=What.LOOKED_PROTECTED, about="person 3f2a9c01d77b")
    page = asked(world, "GET", PATH, cookie=auditor).body

    assert page.count("Looks at protected people: 2.") == 2
    assert "looked_protected,2" in asked(world, "POST", PATH, cookie=auditor).body


def test_a_period_may_be_chosen_and_a_wrong_one_is_said(world, auditor):
    quarter = asked(world, "GET", PATH, cookie=auditor, query={"from": "2026-09-01", "to": "2026-11-21"})
    wrong = asked(world, "GET", PATH, cookie=auditor, query={"from": NASTY, "to": "x"})

    assert "Old Hand" not in quarter.body
    assert wrong.status_code == 422
    assert NASTY not in wrong.body


def test_a_file_is_noted_and_without_a_note_there_is_none(world, auditor):
    answer = asked(world, "POST", PATH, cookie=auditor)
    assert "Ann Lead" in answer.body
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="access-review-springfield-')
    assert world.ledger.entries[-1].what == What.EXPORTED_LEDGER

    world.ledger.down = True
    assert asked(world, "POST", PATH, cookie=auditor).status_code == 503
    assert "Ann Lead" not in asked(world, "GET", PATH, cookie=auditor).body


def test_script_in_a_name_or_a_group_is_text(world, auditor):
    note(world, 1, name="x", by=f"desk:login.example:{NASTY}", what=NASTY)
    answer = asked(world, "GET", PATH, cookie=auditor)

    assert NASTY not in answer.body
    assert problems(answer.body) == []
