"""Ledger at the desk: filters, pages, files, and the auditor's own looks."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import unquote_plus, urlencode

import pytest

from chalicelib.domain.ledger.noted import Noted, incident, person
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.ledger.who import key_of
from chalicelib.web.desk import ledger_page
from tests.web.desk.valid import problems
from tests.web.desk.world import asked

PATH = "/desk/springfield/ledger"
ANN, BEN = "desk:login.example:ann", "desk:login.example:ben"
HASH = "3f2a9c01d77b" + "0" * 52
NASTY = "<script>alert(1)</script>"


def note(world, minutes, by=ANN, what=What.LOOKED, about="incident P26-1", **fields):
    at = world.now - timedelta(minutes=minutes)
    world.ledger.entries.append(Noted(agency_id="springfield", at=at, by=by, what=what, about=about, **fields))


@pytest.fixture
def auditor(world):
    note(world, 50, name="Ann Lead")
    note(world, 40, by=BEN, what=What.REVEALED, about=person(HASH), reason=Why.COURT, ticket="26-104")
    note(world, 60 * 24 * 3, what=What.PAUSED, about="everything")
    return world.signed_in("auditor")


def lines(body):
    """Return what stands in the list."""
    _, _, rest = body.partition('<ol class="ledger">')
    return rest.partition("</ol>")[0]


def test_an_auditor_is_led_to_the_ledger(world, auditor):
    assert asked(world, "GET", "/desk", cookie=auditor).headers["Location"] == PATH


def test_the_ledger_tells_who_did_what_and_why_the_newest_first(world, auditor):
    told = lines(asked(world, "GET", PATH, cookie=auditor).body)

    assert told.index("Dana Ruiz") < told.index("26-104") < told.index("Ann Lead") < told.index("everything")
    assert "was shown the phones, emails and words of" in told
    assert f"person {HASH[:12]}" in told
    assert "</a> <b>paused</b> everything" in told
    assert "court" in told


def test_each_look_at_the_ledger_is_in_the_ledger_and_without_a_note_nothing_is_shown(world, auditor):
    asked(world, "GET", PATH, cookie=auditor)
    assert world.ledger.said[-1] == (What.LOOKED, "the ledger")

    world.ledger.down = True
    answer = asked(world, "GET", PATH, cookie=auditor)
    assert answer.status_code == 503
    assert "26-104" not in answer.body


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"what": "paused"}, "everything", "P26-1"),
        ({"who": key_of(BEN)}, "26-104", "P26-1"),
        ({"about": f"person {HASH[:12]}"}, "26-104", "P26-1"),
        ({"reason": "court"}, "26-104", "P26-1"),
        ({"to": "2026-11-19"}, "everything", "P26-1"),
        ({"from": "2026-11-21", "to": "2026-11-21"}, "P26-1", "everything"),
    ],
)
def test_a_filter_shows_its_part_alone_and_can_be_taken_out(world, auditor, query, there, gone):
    body = asked(world, "GET", PATH, cookie=auditor, query=query).body

    assert there in lines(body)
    assert gone not in lines(body)
    assert "take this filter out" in body


OLDER = re.compile('after=([^"&]+)">Older lines')


def test_pages_go_on_by_key_and_show_each_line_once(world, auditor, monkeypatch):
    monkeypatch.setattr(ledger_page, "SHOWN", 7)
    for minutes in range(100, 130):
        note(world, minutes, about=incident(f"N{minutes}"))
    seen, query = [], {}
    for _ in range(9):
        body = asked(world, "GET", PATH, cookie=auditor, query=query).body
        seen += re.findall(r">incident (N\d+)<", lines(body))
        older = OLDER.search(body)
        if not older:
            break
        query = {"after": unquote_plus(older[1])}

    assert seen == [f"N{minutes}" for minutes in range(100, 130)]


def test_a_phone_that_is_typed_leads_to_its_persons_code_and_gets_into_no_address(world, auditor):
    for typed in ("(303) 555-0123", "someone@people.example"):
        answer = asked(world, "POST", PATH, cookie=auditor, form={"about": typed, "what": "revealed"})

        assert answer.status_code == 303
        assert "about=person+" in answer.headers["Location"]
        assert "what=revealed" in answer.headers["Location"]
        assert "555" not in answer.headers["Location"].replace("person+", "")[:60]
        assert "someone" not in answer.headers["Location"]


def test_a_number_that_looks_like_a_phone_is_an_incidents_behind_an_equals_sign(world, auditor):
    answer = asked(world, "POST", PATH, cookie=auditor, form={"about": "=2026001234"})

    assert answer.headers["Location"].endswith("about=incident+2026001234")


@pytest.mark.parametrize("query", [{"about": "+13035550123"}, {"about": "x@people.example"}])
def test_an_address_that_holds_a_phone_is_not_followed_nor_said_again(world, auditor, query):
    answer = asked(world, "GET", PATH, cookie=auditor, query=query)

    assert answer.status_code == 200
    assert "5550123" not in answer.body
    assert "people.example" not in answer.body


@pytest.mark.parametrize(
    "query",
    [{"from": "yesterday"}, {"to": NASTY}, {"what": NASTY}, {"who": NASTY}, {"reason": "x"}, {"after": NASTY}],
)
def test_what_can_t_be_asked_for_is_said_and_nothing_of_it_is_run(world, auditor, query):
    answer = asked(world, "GET", PATH, cookie=auditor, query=query)

    assert answer.status_code in (200, 404)
    assert NASTY not in answer.body
    assert 'class="problem"' in answer.body


def test_script_in_a_name_or_a_number_is_text(world, auditor):
    note(world, 1, name="Eve script", about=incident(NASTY), by=f"desk:login.example:{NASTY}")
    answer = asked(world, "GET", PATH, cookie=auditor)

    assert NASTY not in answer.body
    assert problems(answer.body) == []


def test_a_file_for_the_agency_has_what_is_shown_and_is_noted(world, auditor):
    answer = asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "agency", "what": "revealed"})
    rows = list(csv.DictReader(io.StringIO(answer.body.removeprefix("\ufeff"))))

    assert [row["ticket"] for row in rows] == ["26-104"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ledger-springfield.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert world.ledger.entries[-1].what == What.EXPORTED_LEDGER


def test_a_file_for_the_public_has_no_reason_no_person_and_no_sign_in_name(world, auditor):
    answer = asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "public"})

    for hidden in ("26-104", "court", HASH[:12], "P26-1", "login.example", "ann", "ben"):
        assert hidden not in answer.body
    assert "Ann Lead" in answer.body
    assert "somebody of the agency" in answer.body


def test_without_a_note_there_is_no_file(world, auditor):
    world.ledger.down = True
    answer = asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "agency"})

    assert answer.status_code == 503
    assert "26-104" not in answer.body


def test_a_file_that_is_too_long_is_refused_and_says_what_to_do(world, auditor, monkeypatch):
    monkeypatch.setattr(ledger_page, "LONGEST_FILE", 2)
    answer = asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "agency"})

    assert answer.status_code == 422
    assert "Choose fewer days" in answer.body


def test_looks_at_protected_people_come_first_and_each_file_marks_them(world, auditor):
    note(world, 60 * 24 * 9, by=BEN, what=What.LOOKED_PROTECTED, about=person(HASH))
    body = asked(world, "GET", PATH, cookie=auditor).body
    first, _, rest = body.partition("<h2>Everything</h2>")
    told = asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "agency"}).body
    rows = [*csv.DictReader(io.StringIO(told.lstrip("\ufeff")))]

    assert "Looks at protected people" in first
    assert f"person {HASH[:12]}" in lines(first)
    assert "under its protection" not in lines(rest).partition("paused")[0]
    assert {row["what"] for row in rows if row["protected"] == "yes"} == {"looked_protected"}
    assert sum(row["protected"] == "yes" for row in rows) == 1


def test_where_nobody_looked_at_a_protected_person_the_ledger_says_so_and_a_part_of_it_says_nothing(world, auditor):
    assert "Nobody looked at a protected person" in asked(world, "GET", PATH, cookie=auditor).body
    assert "protected person" not in asked(world, "GET", PATH, cookie=auditor, query={"reason": "court"}).body


def test_a_refused_file_shows_no_line_that_can_t_be_noted(world, auditor, monkeypatch):
    monkeypatch.setattr(ledger_page, "LONGEST_FILE", 2)
    looks = len(world.ledger.entries)
    asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "agency"})
    noted, world.ledger.down = world.ledger.said[looks:], True
    answer = asked(world, "POST", f"{PATH}-file", cookie=auditor, form={"for": "agency"})

    assert noted == [("looked", "the ledger")]
    assert answer.status_code == 503
    assert "P26-1" not in answer.body


def test_a_page_costs_three_queries_and_one_for_looks_at_the_protected(world, auditor):
    for minutes in range(3000):
        note(world, minutes, reason=Why.TRAINING)
    filtered = ({"reason": "court"}, 1, 1), ({"what": "looked", "who": key_of(BEN)}, 1, 0)
    for query, queries, approvals in (({}, 2, 1), *filtered):
        world.calls.clear()
        answer = asked(world, "GET", PATH, cookie=auditor, query=query)

        assert answer.status_code == 200
        assert (world.calls["ledger.noted"], world.calls["ledger.proposed_between"]) == (queries, approvals)


def test_spanish_has_the_sentences_in_spanish(world, auditor):
    body = asked(world, "GET", PATH, cookie=auditor, query={"lang": "es"}).body

    assert "vio los teléfonos, correos y palabras de" in lines(body)
    assert "una orden judicial" in lines(body)


def test_links_of_filters_name_nobody(world, auditor):
    body = asked(world, "GET", PATH, cookie=auditor).body
    links = [each.partition('"')[0] for each in body.split('href="')[1:]]

    assert urlencode({"who": key_of(ANN)}) in " ".join(links)
    assert not [link for link in links if "ann" in link.casefold() or "login" in link]
