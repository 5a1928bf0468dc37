import json
import shutil
from collections import Counter
from datetime import timedelta

from msgspec.structs import replace
from typer.testing import CliRunner

from chalicelib.domain.settings.incident_types import DelayRules
from chalicelib.insight.settings.diff import diff
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.town.calls import generate
from tenfour.common.paths import AGENCIES
from tenfour.main import cli
from tests.factories import NOW, demo_agency

HOURS = timedelta(hours=6)


def calls(rules=None):
    return told_by(generate(3, 150, NOW, HOURS, speed=1), rules or usual())[0]


def usual():
    return replace(demo_agency(), delay=DelayRules())


def compared(new, old=None):
    return diff(old or usual(), new, calls(), lambda: None)


def changes(comparison):
    return {(item.key.kind.value, item.change) for item in comparison.differences}


def test_the_same_rules_make_no_difference():
    found = compared(usual())

    assert found.differences == ()
    assert found.sent_before == found.sent_after > 100


def test_whether_an_agency_is_in_shadow_is_not_a_rule():
    assert compared(replace(usual(), mode="shadow")).differences == ()


def test_a_type_that_is_taken_out_vanishes_and_only_that():
    rules = usual()
    fewer = replace(rules, incident_types=tuple(rule for rule in rules.incident_types if rule.codes != ("NOISE",)))

    found = compared(fewer)

    vanished = [item for item in found.differences if item.change == "vanishes"]
    assert found.counts()["NOISE", "acknowledgment", "vanishes"] > 0
    assert found.sent_before - found.sent_after == len(vanished)
    assert Counter(item.after.reason for item in vanished).most_common(1)[0][0] == "type_not_allowed"
    # A person's first text has a way out: it is another one where the first is gone.
    assert all(item.after.body.startswith(item.before.body) for item in found.differences if item not in vanished)


def test_a_later_threshold_moves_some_notices_and_spares_the_rest():
    later = replace(usual(), delay=DelayRules(after=(timedelta(minutes=45),)))

    found = compared(later)

    assert changes(found) == {("delay", "changes"), ("delay", "vanishes")}
    assert compared(usual(), later).sent_after == found.sent_before


def test_other_words_are_a_change():
    found = compared(replace(usual(), short_name="Springfield"))

    assert {item.change for item in found.differences} == {"changes"}


def test_the_command_compares_two_files_on_an_extract(tmp_path):
    """Two incidents of an extract of its own."""
    (tmp_path / "calls.csv").write_text(
        "number,type,received,arrived\n"
        "1,NOISE,2026-11-20 10:00:00,2026-11-20 11:00:00\n"
        "2,NOISE,2026-11-20 11:00:00,2026-11-20 11:10:00\n"
    )
    rules = tmp_path / "rules.toml"
    shutil.copy(AGENCIES / "demo.judgements.csv", tmp_path)
    rules.write_text((AGENCIES / "demo.toml").read_text().replace('"20s"', '"30m"'))
    (tmp_path / "later.toml").write_text(rules.read_text().replace('"30m"', '"90m"'))
    (tmp_path / "map.toml").write_text(
        'format = "rows"\ntime_zone = "America/Denver"\ndates = ["%Y-%m-%d %H:%M:%S"]\n'
        '[fields]\nincident_number = "number"\nincident_type = "type"\n'
        'received_at = "received"\narrived_at = "arrived"\n[replay]\nsettings = "rules.toml"\n'
    )
    command = ["settings", "diff", str(rules), str(tmp_path / "later.toml"), "--json"]
    source = ["--from", str(tmp_path / "calls.csv"), "--columns", str(tmp_path / "map.toml")]

    done = CliRunner().invoke(cli, [*command, *source])

    assert done.exit_code == 0, done.output
    (difference,) = json.loads(done.stdout)["differences"]
    assert (difference["incident_number"], difference["kind"], difference["change"]) == ("1", "delay", "vanishes")
    assert difference["after"]["reason"] == "arrived"


def test_bad_input_is_one_line():
    done = CliRunner().invoke(cli, ["settings", "diff", "3", "4", "--from", "x.csv"])

    assert done.exit_code == 2
    assert done.stderr == "--from and --columns go together: a file, and the map of its columns\n"
