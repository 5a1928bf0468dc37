"""`tenfour settings restore`, `publish --scenarios`, and `tenfour approve` of what the desk wrote: one core."""

import shutil

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author, both
from chalicelib.insight.approval.publishing import publish
from chalicelib.insight.settings.written import as_toml
from tenfour.common.paths import AGENCIES
from tests.command import tenfour
from tests.web.desk.test_drafts import OURS
from tests.web.desk.test_scenarios_kept import GOES, OUTCOME
from tests.web.desk.world import DeskWorld

LEAD = "arn:aws:iam::111122223333:user/lead"
ANA, BEN = Author("desk:id.example:ana", "Ana"), Author("desk:id.example:ben", "Ben")


@pytest.fixture
def stack(monkeypatch):
    made = DeskWorld(OURS)
    made.caller = LEAD
    monkeypatch.setattr("tenfour.common.reached.reach", lambda _: made)
    monkeypatch.setattr("tenfour.common.reached.which_agency", lambda *_: OURS)
    monkeypatch.setattr("tenfour.commands.approve.which_agency_id", lambda *_: OURS.agency_id)
    monkeypatch.setattr("tenfour.commands.settings_publish.reached_stack", lambda _: made)
    for name in ("commands.settings_publish", "commands.approve", "operate.scenarios"):
        monkeypatch.setattr(f"tenfour.{name}.now", lambda: made.now)
    return made


def published(world, author, **changes):
    after = replace(world.settings.agency("springfield"), **changes)
    return world.settings.publish(after, author, "why", world.now, source=as_toml(after)).version


def demo(folder):
    """Return the demo's settings as a file in a folder."""
    shutil.copy(AGENCIES / "demo.judgements.csv", folder)
    return shutil.copy(AGENCIES / "demo.toml", folder / "ours.toml")


def in_force(world):
    return world.settings.agency("springfield")


def test_it_says_what_it_ends_restores_at_once_and_notes_it_after(stack):
    good = published(stack, both(ANA.written, BEN.written), short_name="Good PD")
    published(stack, ANA.written, mass_call=OURS.mass_call - 1)
    done = tenfour("settings", "restore", good, "--comment", "wrong name", "--yes")

    assert done.returncode == 0, done.stderr
    assert f"this ends: mass_call is higher: {OURS.mass_call - 1} becomes {OURS.mass_call}" in done.stdout
    assert f"version 3, {OURS.mode}: what version {good} was" in done.stdout
    assert (in_force(stack).version, in_force(stack).mass_call) == (3, OURS.mass_call)
    assert stack.ledger.said == [("published", "settings version 1 again")]


def test_a_ledger_that_is_down_keeps_nobody_from_it(stack):
    good = published(stack, both(ANA.written, LEAD), short_name="Good PD")
    published(stack, ANA.written, short_name="Wrong PD")
    stack.ledger.down = True
    done = tenfour("settings", "restore", good, "--yes")

    assert done.returncode == 0
    assert "the ledger did not take it" in done.stderr
    assert in_force(stack).short_name == "Good PD"


@pytest.mark.parametrize(
    ("version", "caller", "said"),
    [
        (2, LEAD, "two people did not approve this version"),
        (3, LEAD, "this version is in force"),
        (9, LEAD, "there is no such version yet"),
        (1, "arn:aws:iam::111122223333:root", "which is no person"),
    ],
)
def test_it_is_refused_by_the_same_rule_as_at_the_desk(stack, version, caller, said):
    published(stack, both(ANA.written, BEN.written))
    published(stack, ANA.written, short_name="One PD")
    published(stack, ANA.written, short_name="Last PD")
    stack.caller = caller
    done = tenfour("settings", "restore", version, "--yes")

    assert done.returncode != 0
    assert said in done.stderr
    assert in_force(stack).version == 3


def test_whoever_approves_at_a_terminal_is_told_what_tenfour_can_t_know(stack):
    louder = replace(OURS, mass_call=OURS.mass_call + 1)
    publish(stack, louder, ANA, "louder", stack.now)
    (waits,) = [one.digest for one in stack.ledger.book.entries]
    done = tenfour("approve", waits[:12], "--yes")

    assert done.returncode == 0, done.stderr
    assert "tenfour can't know whether both are of one" in done.stdout
    assert in_force(stack).mass_call == louder.mass_call


def test_scenarios_are_kept_with_the_settings_and_those_that_fail_are_named(stack, tmp_path):
    file, folder = demo(tmp_path), tmp_path / "scenarios"
    folder.mkdir()
    (folder / "quiet.toml").write_text(GOES)
    (folder / "ended.toml").write_text(OUTCOME.replace('kind = "outcome"', 'kind = "survey"'))
    done = tenfour("settings", "publish", file, "--comment", "stricter", "--scenarios", folder)
    (folder / "ended.toml").unlink()
    again = tenfour("settings", "publish", file, "--comment", "same", "--scenarios", folder)

    assert done.returncode == again.returncode == 0, done.stderr
    assert "2 scenarios are kept with the settings" in done.stdout
    assert "scenario ended: People hear how their call ended: expected: survey" in done.stderr
    assert [one.name for one in stack.scenarios.all_of("springfield")] == ["quiet"]
    assert [about for what, about in stack.ledger.said if what == "drafted"] == [
        "scenario ended: kept",
        "scenario quiet: kept",
        "scenario ended: removed",
    ]


def test_a_scenario_with_somebody_s_phone_is_refused_and_none_is_kept(stack, tmp_path):
    file = demo(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "quiet.toml").write_text(GOES + "# call 303-867-5309")
    done = tenfour("settings", "publish", file, "--comment", "stricter", "--scenarios", tmp_path / "scenarios")

    assert done.returncode != 0
    assert "quiet.toml: it holds a phone" in done.stderr
    assert stack.scenarios.all_of("springfield") == ()
