"""Our own feed is a right sender."""

import json

import httpx
import pytest

from chalicelib.insight.certify.read import read_run
from chalicelib.insight.certify.report import certify
from chalicelib.web import webhooks
from feed.config import SECRET as SECRET_VARIABLE
from feed.run import opened
from tenfour.certify.listen import listening
from tenfour.certify.receiver import Receiver
from tenfour.certify.trouble import Troubles, read_troubles
from tenfour.certify.world import World
from tests.factories import demo_agency
from tests.feed.standin import SECRET, Time
from tests.waiting import LONGEST

MAPPING = """
format = "json"
snapshots = true
[fields]
incident_number = "number"
as_of = "at"
incident_type = "kind"
received_at = "received"
dispatched_at = "dispatched"
arrived_at = "arrived"
closed_at = "closed"
dispositions = "disposition"
[[parties]]
party_id = "number"
phone = "phone"
"""
FEED = """
address = "{address}"
agency = "springfield"
mapping = "map.toml"
state = "state"
[folder]
path = "{folder}/in"
"""
STEPS = ("received", "dispatched", "arrived", "closed")


@pytest.fixture
def time_(monkeypatch):
    time = Time()
    monkeypatch.setattr(webhooks, "now", lambda: time.now)
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    return time


def told_by(runner, folder, time_):
    """Let three calls happen while the feed runs, and then nothing for ten minutes."""
    for number in range(1, 4):
        call = {"number": f"P26-{number}", "kind": "NOISE", "phone": f"303-555-010{number}"}
        for step in STEPS:
            call |= {step: time_.now.isoformat(), "at": time_.now.isoformat()}
            call |= {"disposition": ["RPT"]} if step == "closed" else {}
            (folder / f"{number}-{step}.json").write_text(json.dumps(call))
            for _ in range(20):
                runner.step()
                time_.passes(5)
    for _ in range(120):
        runner.step()
        time_.passes(5)


def test_our_own_feed_is_a_right_sender(tmp_path, time_):
    (tmp_path / "in").mkdir()
    (tmp_path / "map.toml").write_text(MAPPING)
    receiver = Receiver(World(demo_agency(), SECRET), lambda: time_.now, Troubles(read_troubles("all")))
    client = httpx.Client(timeout=LONGEST, trust_env=False)

    with listening(receiver, slow=0.1) as address:
        (tmp_path / "feed.toml").write_text(FEED.format(address=address, folder=tmp_path))
        with opened(tmp_path / "feed.toml", time_.clocks, client) as runner:
            told_by(runner, tmp_path / "in", time_)

    report = certify(read_run(receiver.posts, time_.now, live=True))
    assert [(line.name, line.findings) for line in report.of("wrong")] == []
    assert {line.name for line in report.of("not_seen")} <= {"drill"}
    assert report.updates == 3 * len(STEPS)
