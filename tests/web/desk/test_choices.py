"""What a page does not offer can't be chosen: the field is named and nothing is done. A brake does the most it can."""

import re

import pytest

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.unjudged import value_id
from chalicelib.web.desk.assets import FOLDER
from tests.web.desk.full import DRAFTED, NUISANCE, full_desk, stored
from tests.web.desk.test_each_act import ACTS, press

VALUE, DRAFT = f"v.{value_id(NUISANCE)}", f"v.{value_id(DRAFTED)}"
CHOICES = (
    ("remove a key", "act"),
    ("end another's session", "act"),
    ("export the ledger", "for"),
    ("judge that nobody is texted", VALUE),
    ("approve a judgement", DRAFT),
    ("save words of a draft", "of"),
    ("save rules of a draft", "means"),
    ("save rules of a draft", "role"),
    ("save rules of a draft", "f.delay.anchor"),
    ("save questions of a draft", "copy"),
    ("save questions of a draft", "move"),
    ("save questions of a draft", "out"),
    ("save cities of a draft", "move"),
    ("save cities of a draft", "out"),
    ("send a test", "act"),
    ("release a comment", "act"),
    ("release a comment", "w.0"),
)
BRAKES = {
    "what": ("pause everything", "Pause(of='agency'"),
    "scope": ("opt out", "nothing more is sent to this person"),
    "days": ("silence a person", "nothing is sent to this person for 365 days"),
}
"""A brake that can't be understood stops as much as it can, and says so: a refusal would let texts go."""

UNFIT = {
    **dict.fromkeys(("feed", "way", "null"), ("add a key", 422)),
    "drill": ("send a drill", 422),
    "answer": ("answer", 409),
    "text": ("send a test", 422),
    "why": ("reveal a call", 422),
    "outcome": ("close a follow-up", 422),
}
"""The page comes again with what was typed, and says what to choose or that a thing is not there any more."""

LOOKED_AT = {"from", "to"}
"""Versions of the settings to compare: a look, by which nothing is done."""

YES = {"everywhere", "sandbox", "other"}
"""A box to tick: whatever stands in it is a yes."""

OFFERS = re.compile(r'<(?:select|input type="radio"|input type="checkbox"|button)[^>]*? name="([^"]+)"')


@pytest.fixture
def full(monkeypatch):
    world = full_desk(monkeypatch)
    world.signed_in("watch", cookie="other", agencies=("springfield",), subject="other")
    world.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    return world


@pytest.mark.parametrize("value", ["x", "REMOVE", "all ", "0", "7.0", "address", "public ", "\u0667"])
@pytest.mark.parametrize(("name", "field"), CHOICES)
def test_a_value_that_is_not_offered_is_refused_by_its_field_and_nothing_is_done(full, name, field, value):
    act = ACTS[name]
    form = act.form(full, "mine")
    before, lines = stored(full), len(full.ledger.entries)
    answer = press(full, act, {**form, field: value})

    assert answer.status_code == 400
    assert f"“{field}”" in answer.body
    assert "Nothing was done" in answer.body
    assert stored(full) == before
    assert len(full.ledger.entries) == lines
    assert "Stop all texts" in answer.body


@pytest.mark.parametrize("value", ["x", "nonsense:1", "0"])
@pytest.mark.parametrize("field", BRAKES)
def test_a_brake_that_can_t_be_understood_stops_the_most_and_says_so(full, field, value):
    name, said = BRAKES[field]
    form = ACTS[name].form(full, "mine")
    answer = press(full, ACTS[name], {**form, field: value})

    assert said in f"{answer.body} {full.settings.pauses}"
    assert full.ledger.entries[-1].what in ("paused", "opted_out", "silenced")


@pytest.mark.parametrize("field", UNFIT)
def test_a_thing_that_is_not_there_any_more_is_not_chosen(full, field):
    name, status = UNFIT[field]
    form = ACTS[name].form(full, "mine")
    before = stored(full)
    answer = press(full, ACTS[name], {**form, field: "x"})

    assert answer.status_code == status
    assert stored(full) == before


def test_each_field_that_offers_something_is_tried():
    offering = {name for page in FOLDER.glob("*.html") for name in OFFERS.findall(page.read_text())}
    made = {"v.": "v.{{ id }}", "f.": "f.{{ row.of.name }}", "w.": "w.{{ loop.index0 }}"}
    refused = {made.get(field[:2], field) for _, field in CHOICES}

    assert {name for _, name in CHOICES if name.startswith("v.")} == {VALUE, DRAFT}
    assert offering == refused | BRAKES.keys() | UNFIT.keys() | LOOKED_AT | YES
