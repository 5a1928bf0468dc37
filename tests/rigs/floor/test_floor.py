"""Whatever the settings, the incidents and the times: what goes is allowed by the documents, and what is due goes."""

import ast

import pytest

from chalicelib.domain.names import Kind
from rigs.floor.many import play_until, tally
from rigs.floor.oracle.moment import Moment
from rigs.floor.play import play
from rigs.floor.show import show, tell
from tenfour.common.paths import ROOT
from tenfour.common.screen import Screen
from tests.leaks import leaks
from tests.rigs.floor.edits import edited, first_broken
from tests.rigs.floor.mutants import MUTANTS

SHORT = 1_500
"""Of the million triples that `make floor` tries."""

MOST_STORIES = 2_000
"""In which each mutant must be found: some 4,400 triples."""

TYPES_ALONE = {"chalicelib.domain.names"}
AGENCY = "303-555-0100"


@pytest.fixture(scope="module")
def found():
    """Return what the first stories came to, until they have enough triples."""
    total = tally(range(0))
    for some in play_until(SHORT, 0, jobs=1):
        total.add(some)
    return total


@pytest.mark.long
def test_every_message_is_allowed_and_none_is_missing(found):
    assert found.broken == []
    assert found.triples >= SHORT
    # A rule about what never goes is worth something only if much goes.
    assert found.sent > SHORT / 2
    assert found.owed > SHORT / 4


def test_every_kind_goes(monkeypatch):
    init, moments = Moment.__init__, []

    def watched(self, state):
        init(self, state)
        moments.append(self)

    monkeypatch.setattr(Moment, "__init__", watched)
    for seed in range(60):
        play(seed)

    assert {one.key.kind for moment in moments for one in moment.sent} == set(Kind)


def test_a_seed_is_the_same_each_time():
    one, other = play(7), play(7)

    assert (one.story, one.raw, one.sent, one.owed) == (other.story, other.raw, other.sent, other.owed)


def test_the_oracle_knows_no_rule_of_ours():
    for path in (ROOT / "rigs" / "floor" / "oracle").glob("*.py"):
        tree = ast.parse(path.read_text())
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
        ours = {name for name in names if name.split(".")[0] in {"chalicelib", "tenfour", "tests"}}

        assert ours <= TYPES_ALONE, path


def test_a_seed_tells_its_story_and_a_violation():
    console = Screen(width=120, record=True)
    tell(3, console)
    seed, problems = first_broken(range(MOST_STORIES), *MUTANTS[0].edits)
    with edited(*MUTANTS[0].edits):
        tell(seed, console)
    shown = console.export_text()

    assert "Seed 3: " in shown
    assert f"BROKEN {problems[0]}"[:100] in shown


def test_the_result_names_its_seeds_and_nobody(found):
    console = Screen(width=120, record=True)
    show(found, 0, 1, console)
    shown = console.export_text()

    assert f"{found.triples:,} triples in 1 s: seeds 0 to {found.stories - 1:,}" in shown
    assert leaks(shown.replace(AGENCY, "")) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_changes_what_is_there(mutant):
    with edited(*mutant.edits) as changed:
        assert len(changed) == len(mutant.edits)


@pytest.mark.whole
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_is_wrong_is_found(mutant):
    assert first_broken(range(MOST_STORIES), *mutant.edits)
