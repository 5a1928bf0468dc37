"""The command: what it exits with, what it writes, and that nothing of a person is in it."""

import json
import os
import re
import signal
import subprocess
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import Thread

import httpx
import pytest

from chalicelib.insight.certify.table import CHECKS
from tenfour.certify.listen import listening
from tenfour.certify.receiver import Receiver
from tenfour.certify.run import tell
from tenfour.certify.trouble import Troubles, read_troubles
from tenfour.certify.world import World
from tenfour.common.paths import ROOT
from tests.command import tenfour
from tests.factories import demo_agency
from tests.tenfour.certify import wrong
from tests.tenfour.certify.right import Right
from tests.waiting import LONGEST, wait_until

PAGE = (ROOT / "docs" / "vendor" / "webhook.md").read_text()
SIX = re.findall(
    r"```json\n(.*?)```", PAGE[PAGE.index("## One call's life") : PAGE.index("## What you get back")], re.DOTALL
)
GOOD = '{"updates": [{"incident_number": "P26-1", "as_of": "2026-11-21T17:20:00-07:00"}]}'
BAD = '{"updates": [{"incident_number": "P26-1", "as_of": "2026-11-21T17:20:00"}]}'


def test_the_six_posts_of_the_webhooks_page_are_right(tmp_path):
    for position, body in enumerate(SIX, 1):
        feed = "rms" if position == len(SIX) else "cad"
        (tmp_path / f"{position}.http").write_text(
            f"POST /{feed}/springfield/updates\ncontent-type: text/json\n\n{body}"
        )

    done = tenfour("certify", tmp_path, "--json")

    report = json.loads(done.stdout)
    assert len(SIX) == report["updates"] == 6
    assert [line["name"] for line in report["lines"] if line["state"] == "wrong"] == ["content-type"]
    assert [line["name"] for line in report["lines"]] == [check.name for check in CHECKS]


@pytest.mark.parametrize(
    ("body", "options", "code"), [(GOOD, (), 0), (GOOD, ("--strict",), 1), (BAD, (), 1), (BAD, ("--json",), 1)]
)
def test_it_exits_with_1_where_something_is_wrong(tmp_path, body, options, code):
    file = tmp_path / "one.json"
    file.write_text(body)

    assert tenfour("certify", file, *options).returncode == code


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give either"),
        (("one.json", "--listen"), "give either"),
        (("nowhere.json",), "nowhere.json"),
        (("one.json", "--time-zone", "Denver"), "--time-zone"),
        (("one.json", "--secret", "whsec_short"), "--secret"),
        (("one.json", "--mapping", "nowhere.toml"), "nowhere.toml"),
        (("one.json", "--mapping", "one.json"), "one.json: "),
        (("--listen", "--trouble", "fire"), "expected all, or some of 503"),
        (("--listen", "--trouble", "503@0"), "expected all, or some of 503"),
        (("one.json", "--out", "nowhere/report.html"), "nowhere/report.html"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.json").write_text(GOOD)

    done = tenfour("certify", *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mapping_reads_a_vendors_own_bodies(tmp_path):
    (tmp_path / "m.toml").write_text('format = "json"\n[fields]\nincident_number = "id"\nas_of = "at"\n')
    (tmp_path / "call.json").write_text('{"id": "P26-1", "at": "2026-11-21T17:20:00", "caller_name": "Somebody"}')

    done = tenfour("certify", tmp_path / "call.json", "--mapping", tmp_path / "m.toml", "--json")

    wrong_ones = {
        line["name"]: line["findings"] for line in json.loads(done.stdout)["lines"] if line["state"] == "wrong"
    }
    assert wrong_ones.keys() == {"offset"}


@pytest.mark.parametrize("sender", [Right, wrong.WritesPhonesUnreadably, wrong.RenumbersPeople, wrong.UsesOneName])
def test_nothing_of_a_person_is_in_a_report(heard, tmp_path, capsys, sender):
    report = heard(sender).report
    tell(report, as_json=False, out=tmp_path / "r.html", sender="Example", now=datetime.now(UTC))
    tell(report, as_json=True, out=None, sender="", now=datetime.now(UTC))

    shown = capsys.readouterr().out + (tmp_path / "r.html").read_text()
    assert not re.search(r"555[-. ]?01|0x9f3b|Noise complaint", shown)


@pytest.mark.parametrize("text", ["all", "503,lost", "slow@3", ""])
def test_troubles_are_read(text):
    assert len(read_troubles(text)) == {"all": 4, "503,lost": 2, "slow@3": 1, "": 0}[text]


@pytest.fixture
def receiver():
    world = World(demo_agency(), "whsec_" + "c2VjcmV0" * 4, "b" * 32)
    return Receiver(world, lambda: datetime.now(UTC), Troubles())


def posted(address, **how):
    headers = {"authorization": "Bearer " + "b" * 32, "content-type": "application/json"}
    return httpx.post(f"{address}/cad/springfield/updates", headers=headers, timeout=LONGEST, trust_env=False, **how)


def test_a_body_in_chunks_is_read(receiver):
    with listening(receiver) as address:
        answer = posted(address, content=(GOOD[start : start + 20].encode() for start in range(0, len(GOOD), 20)))

    assert (answer.status_code, receiver.posts[0].body) == (202, GOOD.encode())


@pytest.mark.parametrize("kind", ["503", "429"])
def test_the_next_new_request_fails_where_somebody_asks_for_it(receiver, kind):
    with listening(receiver) as address:
        asked = httpx.post(f"{address}/next/{kind}", timeout=LONGEST, trust_env=False)
        statuses = [posted(address, content=GOOD).status_code for _ in range(3)]

    assert asked.json() == {"next": kind}
    assert statuses == ([503, 503, 202] if kind == "503" else [429, 202, 202])


def test_a_trouble_that_is_not_known_is_not_planned(receiver):
    with listening(receiver) as address:
        asked = httpx.post(f"{address}/next/fire", timeout=LONGEST, trust_env=False)

    assert asked.status_code == 404


@pytest.mark.parametrize("length", ["many", "-1", "99999999999"])
def test_a_body_without_an_end_is_refused(receiver, length):
    with listening(receiver) as address:
        there = HTTPConnection(address.removeprefix("http://"), timeout=LONGEST)
        there.putrequest("POST", "/cad/springfield/updates")
        there.putheader("content-length", length)
        there.endheaders()
        status = there.getresponse().status
        there.close()

    assert (status, receiver.posts) == (400, [])


def test_the_command_listens_until_it_is_ended_and_then_reports(tmp_path):
    out, record = tmp_path / "report.html", tmp_path / "requests.jsonl"
    options = ("--port", "0", "--out", out.name, "--record", record.name, "--sender", "Example CAD 7.2")
    command = [str(ROOT / ".venv" / "bin" / "tenfour"), "certify", "--listen", *options]
    environment = {**os.environ, "COLUMNS": "80"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path
    ) as running:
        lines = []
        reader = Thread(target=lambda: lines.extend(iter(running.stderr.readline, "")))
        reader.start()
        assert wait_until(lambda: any("listening for" in line for line in lines) or running.poll() is not None)
        said = "".join(lines)
        (updates,) = re.findall(r"^dispatch +POST (\S+)$", said, re.MULTILINE)
        (key,) = re.findall(r"Authorization: (Bearer \w+)", said)
        headers = {"authorization": key, "content-type": "application/json"}
        answer = httpx.post(updates, content=BAD, headers=headers, timeout=LONGEST, trust_env=False)
        running.send_signal(signal.SIGINT)
        shown = running.stdout.read()
        code = running.wait()
        reader.join()

    assert (answer.status_code, code) == (422, 1)
    assert "✗ offset" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "Example CAD 7.2" in out.read_text()
    assert key.removeprefix("Bearer ") not in record.read_text() + shown + out.read_text()
    assert tenfour("certify", record).returncode == 1
