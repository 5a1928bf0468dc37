"""A subscriber that is killed again and again, as a process with real sockets: each change is told once."""

import os
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from feed.config import SECRET as SECRET_VARIABLE
from tenfour.common.paths import ROOT
from tests.feed.notifier import Notifier, eido
from tests.feed.standin import SECRET, Agency, Time
from tests.feed.test_eido import MAP

RUN = "import sys; from feed.command import main; sys.argv[1:] = ['run', sys.argv[1]]; main()"


@pytest.fixture
def agency():
    return Agency(Time(datetime.now(UTC)))


@pytest.fixture
def door(agency):
    """Let the stand-in answer on a real port."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            url = f"http://127.0.0.1{self.path}"
            answer = agency._answer(httpx.Request("POST", url, headers=dict(self.headers), content=body))
            self.send_response(answer.status_code)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def start(tmp_path, door):
    """Return what starts the feed as a process of its own."""
    running = []

    def started(notifier):
        (tmp_path / "map.toml").write_text(MAP)
        told = {
            "address": door,
            "agency": "springfield",
            "mapping": "map.toml",
            "state": "state",
            "posts_a_second": 50.0,
        }
        lines = [f"{name} = {value!r}" for name, value in told.items()]
        text = "\n".join([*lines, "[eido]", f"url = {notifier.url!r}", "settled_for = '1s'"])
        (tmp_path / "feed.toml").write_text(text.replace("'", '"'))
        command = [sys.executable, "-c", RUN, str(tmp_path / "feed.toml")]
        running.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, SECRET_VARIABLE: SECRET, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
            )
        )
        return running[-1]

    yield started
    for process in running:
        process.kill()
        process.wait()


def test_a_process_that_is_killed_again_and_again_tells_each_change_once(start, agency):
    notifier = Notifier()
    notifier.page, notifier.waits_for_answers = 1, True
    notifier.tell(*(eido(f"A-{number}") for number in range(30)))
    for killed in (3, 11, 17):
        process, before = start(notifier), len(notifier.answers)
        # The last one that was answered: the next may be on its way, and is lost with the process.
        notifier.wait_for(lambda least=before + killed: len(notifier.answers) >= least, 300)
        notifier.tell(eido(f"A-{killed - 1}", killed, unit="On Scene"))
        process.send_signal(signal.SIGKILL)
        process.wait()
    process = start(notifier)
    notifier.wait_for(lambda: agency.accepted == 33 and any("beat" in name for name in agency.names), 300)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    notifier.wait_for(lambda: notifier.ended)
    notifier.stop()

    names = defaultdict(set)
    for body in agency.bodies:
        for update in body["updates"]:
            names[update["incident_number"], update["as_of"]].add(update["update_id"])
    assert len(names) == 33
    assert {len(each) for each in names.values()} == {1}
    assert agency.rejected == []
