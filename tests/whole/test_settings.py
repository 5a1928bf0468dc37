"""Settings in force, a brake, and what a human lets go: by the command, on the running city."""

import json
import shutil
import subprocess
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import shown
from chalicelib.domain.names import IncidentKey, Kind
from tenfour.common.paths import AGENCIES
from tenfour.rehearse.vendor import Vendor
from tests.command import approve_in_the_city
from tests.command import tenfour_in_the_city as tenfour
from tests.conftest import TENFOUR, city_folder
from tests.waiting import wait_until
from tests.whole.people import Caller, now


def settings(*words):
    done = tenfour("settings", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def caller(stack):
    return Caller(stack)


def test_a_release_lets_a_sensitive_incident_speak(inside, caller):
    caller.call(type_modifier="DOMESTIC")
    key = IncidentKey("springfield", caller.number)
    assert wait_until(lambda: inside.aws.incidents.load(key).version)

    said = settings("release", caller.number, "--what", "sensitive", "--reason", "typed by mistake")
    assert inside.aws.incidents.load(key).incident.releases == ()
    done = approve_in_the_city(said)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"released: sensitive of {caller.number}")
    caller.hears("we have your call")
    (release,) = inside.aws.incidents.load(key).incident.releases
    assert (shown(release.author), release.reason) == ("user/lead and user/second", "typed by mistake")


def test_a_duplicates_caller_hears_of_the_other_incident(stack, inside, caller):
    other = Caller(stack)
    caller.call()
    other.call(linked_to={"incident_number": caller.number, "relation": "duplicate_of"})
    other.hears("we have your call " + caller.number)

    caller.tell(arrived_at=now(), closed_at=now(), dispositions=["HAN"])

    other.hears("have finished with your call " + caller.number)
    record = inside.aws.incidents.load(IncidentKey("springfield", caller.number))
    assert {key.recipient for key in record.rows if key.kind is Kind.OUTCOME} == {"1", f"{other.number}/1"}


def test_a_file_is_published_as_a_version_that_can_be_returned_to(stack, tmp_path):
    file, word = tmp_path / "springfield.toml", uuid4().hex[:6]
    shutil.copy(AGENCIES / "demo.judgements.csv", file.parent)
    file.write_text((AGENCIES / "demo.toml").read_text())

    published = settings("publish", str(file), "--comment", word)
    number = int(published.split("version ")[1].split(",")[0])
    assert word in settings("history")
    assert f"what version {number} was" in settings("rollback", str(number), "--comment", "as a test")


def test_a_preview_has_the_numbers_of_a_real_incident(caller, inside):
    caller.call()
    caller.tell(feed="rms", case_numbers=["26-777123"])

    shown = settings("preview", str(AGENCIES / "demo.toml"), "--of", caller.number)

    assert caller.number in shown
    assert "26-777123" in shown


def test_a_key_posts_only_for_the_agencies_that_it_lists(stack, inside):
    ours = inside.aws.settings.agency("springfield")
    other = f"a{uuid4().hex[:8]}"
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    inside.aws.settings.publish(replace(ours, agency_id=other, numbers=numbers), "R. Lead", "a neighbour", now())

    answer = Vendor(replace(stack, agency_id=other)).post([{"incident_number": "N-1", "as_of": now()}])

    assert (answer.status_code, "not for this agency" in answer.text) == (401, True)


def test_a_file_that_is_wrong_publishes_nothing(inside, tmp_path):
    file = tmp_path / "wrong.toml"
    shutil.copy(AGENCIES / "demo.judgements.csv", file.parent)
    file.write_text((AGENCIES / "demo.toml").read_text().replace("Noise complaint", "Domestic disturbance"))
    before = {item.agency.version for item in inside.aws.settings.history("springfield")}

    done = tenfour("settings", "publish", str(file), "--comment", "nothing")

    assert done.returncode == 2
    assert f"{file}:" in done.stderr
    told = {item.comment for item in inside.aws.settings.history("springfield") if item.agency.version not in before}
    assert "nothing" not in told


def test_a_shadow_report_reads_what_the_stack_has_decided(caller, tmp_path):
    caller.call()
    caller.hears("we have your call")

    done = tenfour("shadow-report", "--out", str(tmp_path), "--json", str(tmp_path / "counts.json"))

    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"counts.json", "report.html", "sign-off.csv", "sign-off.html"}
    assert json.loads((tmp_path / "counts.json").read_text())["incidents"] > 0
    assert caller.phone not in done.stdout + (tmp_path / "report.html").read_text()


def test_what_would_have_been_different_is_told_of_the_calls_that_the_stack_has_heard(caller, tmp_path):
    caller.call()
    caller.hears("we have your call")
    file = tmp_path / "springfield.toml"
    shutil.copy(AGENCIES / "demo.judgements.csv", file.parent)
    file.write_text((AGENCIES / "demo.toml").read_text().replace('codes = ["NOISE"]', 'codes = ["QUIET"]'))

    done = tenfour("settings", "diff", str(file), "--json")

    assert done.returncode == 0, done.stderr
    mine = [item for item in json.loads(done.stdout)["differences"] if item["incident_number"] == caller.number]
    assert ("acknowledgment", "vanishes") in {(item["kind"], item["change"]) for item in mine}


def test_a_status_counts_what_the_stack_has_sent(caller):
    caller.call()
    caller.hears("we have your call")

    command = [TENFOUR, "status", "--stack", str(city_folder() / "stack.json")]
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert told["today"]["sent"] >= 1
    assert told["feed"]["told_at"]
    assert max(map(len, shown.splitlines())) <= 80
