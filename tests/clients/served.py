"""Our webhooks over HTTP on a port of this machine, with the ports in memory behind them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from msgspec.structs import replace

from chalicelib.auth import WebhookKey
from chalicelib.boundary import answering
from chalicelib.web.webhooks import receive
from tests.factories import agency
from tests.fuzz.doors import Doors, request

KEY = "a bearer key of this test alone"


class Served(Doors):
    """The world behind the webhooks; `answers` are what was answered, in order."""

    def __init__(self, null: str) -> None:
        super().__init__(agency())
        self.queue.now = datetime.now(UTC)
        self.answers = []
        key = WebhookKey(name="one", feed="cad", agencies=("springfield",), bearer=KEY, null=null)
        self.webhook_keys = (key, replace(key, feed="rms"))


@contextmanager
def served(null: str = "takes_back") -> Iterator[tuple[str, Served]]:
    """Serve the webhooks while somebody posts; yield the address and the world behind it."""
    world = Served(null)

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            _, feed, agency_id, _ = self.path.split("/")
            body = self.rfile.read(int(self.headers["content-length"]))
            sent = request("POST", body, {name.lower(): value for name, value in self.headers.items()})
            answer = answering(receive)(agency_id, feed, sent, world)
            world.answers.append(answer)
            told = json.dumps(answer.body).encode()
            self.send_response(answer.status_code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_):
            """Say nothing: a test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
