"""Whatever people write, no page of the desk is broken by it and no file works it out: each route that there is."""

import csv
import io
import json
import re
import tomllib

import pytest

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.noted import Noted, incident
from chalicelib.domain.ledger.what import What, Why
from chalicelib.virtual.provider import ISSUER
from chalicelib.web.desk.routes import ROUTES
from tests.factories import PHONE, caller
from tests.horrors.horrors import ALL, FORMULAS, HTML, SOUND, acts, is_formula
from tests.horrors.test_pages import Seen
from tests.web.desk.every import named, path_of
from tests.web.desk.test_horrors import written_by
from tests.web.desk.valid import Page
from tests.web.desk.world import DeskWorld, asked, story

FIELDS = (
    *("number", "incident", "typed", "about", "which", "message", "address", "name", "session", "digest", "code"),
    *(
        "of",
        "with",
        "at",
        "after",
        "next",
        "why",
        "ticket",
        "reason",
        "since",
        "until",
        "beat",
        "kind",
        "state",
        "type",
    ),
    *("what", "who", "from", "to", "for", "cause", "answer", "drill", "scope", "days", "form", "dated", "seen", "act"),
    *(
        "reference",
        "decline",
        "field",
        "show",
        "known",
        "version",
        "done",
        "target",
        "error",
        "state",
        "lang",
        "everywhere",
    ),
)
"""Whatever some page or form of the desk reads."""

PLACES = {route.path for route in ROUTES if "{name}" not in route.path}


def asks(world, words):
    """Yield what somebody may ask a page or a form: words in each field, in each but the names, and in none."""
    there, written = named(world), dict.fromkeys(FIELDS, words)
    yield written
    yield {**written, **there}
    yield {**there, "ticket": words, "reason": words, "typed": words}
    yield {**there, "typed": "0123", "beat": words}
    yield there


def broken(answer):
    """Return what is wrong with an answer, as what it says that it is."""
    kind, body = answer.headers.get("Content-Type", ""), answer.body
    if kind.startswith("text/csv"):
        return wrong_cells(body)
    if kind.startswith("application/json"):
        json.loads(body)
        return acts(body)
    if kind.startswith("application/toml"):
        tomllib.loads(body)
        return []
    if not kind.startswith("text/html"):
        return [kind] if body and kind else []
    found = [one for one in Page(body).problems if "whole page" not in one or "<html" in body]
    seen = Seen(body)
    foreign = [tag for tag, _ in seen.elements if tag in ("img", "iframe", "object", "style", "base")]
    loose = [held for tag, held in seen.elements if tag == "script" and "src" not in held]
    hrefs = [str(held.get("href", "")) for _, held in seen.elements]
    led = [href for href in hrefs if not href.startswith(("/desk", "?", "#", "data:,", f"{ISSUER}/")) and href]
    return [*found, *foreign, *loose, *led, *acts(body.replace("\t", " ")), *(["worked out"] if ">49<" in body else [])]


def wrong_cells(body):
    """Return the cells that a spreadsheet works out, and the lines that do not have the columns of the first."""
    first, *rest = csv.reader(io.StringIO(body.removeprefix("\ufeff"), newline=""), strict=True)
    uneven = [line for line in rest if len(line) != len(first)]
    return [*uneven, *(cell for line in (first, *rest) for cell in line if is_formula(cell) or acts(cell))]


def answers(world, words, **session):
    """Yield each answer to whoever has every role, and asks for everything with such words."""
    for route in ROUTES:
        if "{name}" in route.path:
            continue
        for fields in asks(world, words):
            cookie = world.signed_in(*Role, agencies=("springfield",), **session)
            given = {"query": fields} if route.method == "GET" else {"form": fields}
            yield route, asked(world, route.method, path_of(route), cookie=cookie, **given)


@pytest.mark.parametrize("wall", [False, True])
def test_no_page_and_no_file_is_broken_by_what_is_stored_and_asked(monkeypatch, wall):
    world, *_ = written_by(ALL, monkeypatch)
    session = {"wall": True, "wall_at": "springfield"} if wall else {}
    tried, said = set(), 0
    for route, answer in answers(world, ALL, name=ALL, **session):
        assert broken(answer) == [], (route.method, route.path, answer.status_code)
        assert answer.status_code < 500, (route.method, route.path)
        tried.add(route.path)
        said += "[/bold]" in answer.body

    assert tried == PLACES
    assert said > (0 if wall else 60)


@pytest.mark.parametrize("one", HTML)
def test_no_markup_alone_gets_into_a_page(monkeypatch, one):
    world, *_ = written_by(one, monkeypatch)
    for route, answer in answers(world, one, name=one):
        assert broken(answer) == [], (route.method, route.path)


def test_the_check_finds_a_page_and_a_file_that_are_broken():
    class Answer:
        def __init__(self, body, kind="text/html"):
            self.body, self.headers = body, {"Content-Type": kind}

    for horror in ("<script>alert(1)</script>", "</p></div>", '"><img src=x onerror=alert(1)>', "\u202e", "\x1b[1m"):
        assert broken(Answer(f"<div><p>{horror}</p></div>"))
    for formula in FORMULAS:
        assert broken(Answer(f'a,b\r\n"{formula.replace(chr(34), chr(34) * 2)}",x\r\n', "text/csv"))
    assert broken(Answer("a,b\r\none\r\n", "text/csv"))


@pytest.fixture
def formulas(monkeypatch):
    """Return a desk where numbers, types, beats and names are formulas, with tabs and line ends."""
    world = DeskWorld()
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: world.now)
    for place, one in enumerate(FORMULAS + [f"a{end}=1+1" for end in ("\t", "\n", "\r\n")]):
        at = 30 + place
        story(world, one, one, minutes=at, beat=one, parties={"1": caller(PHONE)}, incident_type_description=one)
        world.ledger.entries.append(
            Noted(
                agency_id="springfield",
                at=world.now.replace(hour=1, minute=place),
                by=f"desk:id.example:{place}",
                name=one,
                what=What.LOOKED,
                about=incident(one),
                reason=Why.COURT,
            )
        )
    return world


def files(world):
    """Yield each file that some route answers with, by the table of routes."""
    whole = {**named(world, number="=1+1"), "since": "2026-11-21T00:00", "until": "2026-11-21T18:00"}
    for route in ROUTES:
        for fields in (whole, {**whole, "of": ""}, {**whole, "for": "public"}, {}):
            cookie = world.signed_in(*Role, name="=1+1", agencies=("springfield",))
            given = {"query": fields} if route.method == "GET" else {"form": fields}
            answer = asked(world, route.method, path_of(route), cookie=cookie, **given)
            if "attachment" in answer.headers.get("Content-Disposition", ""):
                yield route.path.rpartition("/")[2], answer


def test_no_file_is_worked_out_by_a_spreadsheet_and_none_is_kept_by_a_cache(formulas):
    found = list(files(formulas))

    assert {name for name, _ in found} == {"find-file", "ledger-file", "access-review", "person-export", "file"}
    for name, answer in found:
        assert broken(answer) == [], name
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert re.fullmatch(
            r'attachment; filename="[a-z0-9-]+\.(csv|json|toml)"', answer.headers["Content-Disposition"]
        )
    assert sum("SUM(A1)" in answer.body for _, answer in found) >= 4


def test_each_line_of_a_file_is_one_entry_whatever_line_ends_are_in_it(formulas):
    listed = next(answer for name, answer in files(formulas) if name == "find-file" and "Beat" in answer.body)
    lines = list(csv.reader(io.StringIO(listed.body.removeprefix("\ufeff"), newline="")))

    assert len(lines) > len(FORMULAS)
    assert all(line[0].startswith("2026-11-21 ") for line in lines[1:])


def test_all_that_is_written_is_sound():
    assert len(SOUND) > 50
