"""An HTTP server on this machine alone, for a sender that is tried."""

import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tenfour.certify.receiver import Answer, Receiver
from tenfour.certify.trouble import KINDS

HOST = "127.0.0.1"
LARGEST = 4 * 1024 * 1024
"""More than the webhook takes, so that what is too large is seen and answered as it would be."""

SLOW = 20.0
_LOOK_EVERY = 0.1
_NEXT = "/next/"
_IDLE = 120


class NoRequest(ValueError):
    """A body whose end can't be found."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, receiver: Receiver, slow: float, tell: Callable[[Answer], None]) -> None:
        super().__init__((HOST, port), _Handler)
        self.receiver, self.slow, self.tell = receiver, slow, tell


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    wbufsize = -1  # headers and body leave together: apart, each answer takes 40 ms longer
    server: _Server

    def do_POST(self) -> None:
        """Take a request; or note that the next one must fail."""
        if self.path.startswith(_NEXT):
            self._plan(self.path.removeprefix(_NEXT))
        else:
            self._take()

    def do_GET(self) -> None:
        """Answer as API Gateway does where a method is wrong."""
        self._take()

    def do_PUT(self) -> None:
        """Answer as for GET."""
        self._take()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time by the receiver's clock: senders compare theirs with it."""
        return format_datetime(self.server.receiver.clock().astimezone(UTC), usegmt=True)

    def log_message(self, *_words: object) -> None:
        """Say nothing: each request is told by the command."""

    def _plan(self, given: str) -> None:
        kind = next((kind for kind in KINDS if kind == given), None)
        if kind is None:
            self._say(404, {"error": f"expected one of {', '.join(KINDS)}"})
        else:
            self.server.receiver.troubles.ask(kind)
            self._say(200, {"next": kind})

    def _take(self) -> None:
        try:
            body = self._body()
        except (NoRequest, ValueError):
            self.close_connection = True
            self._say(400, {"message": "Bad Request"})
            return
        answer = self.server.receiver.take(self.command, self.path, dict(self.headers.items()), body)
        self.server.tell(answer)
        if answer.lost or (answer.slow and self._hangs_up(answer)):
            self.close_connection = True
        else:
            self._say(answer.post.status or 500, answer.body, answer.headers)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return b"".join(self._chunks())
        length = int(self.headers.get("content-length") or 0)
        if not 0 <= length <= LARGEST:
            raise NoRequest
        return self.rfile.read(length)

    def _chunks(self) -> Iterator[bytes]:
        left = LARGEST
        while size := int(self.rfile.readline(80).split(b";")[0], 16):
            left -= size
            if left < 0 or size < 0:
                raise NoRequest
            yield self.rfile.read(size)
            self.rfile.readline(80)
        while self.rfile.readline(LARGEST).strip():
            pass

    def _hangs_up(self, answer: Answer) -> bool:
        """Wait as long as a slow answer takes; tell whether the sender hung up before."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < self.server.slow:
            readable, _, _ = select.select([self.connection], [], [], _LOOK_EVERY)
            if readable and not self._peek():
                self.server.receiver.hung_up(answer.post, waited)
                return True
        return False

    def _peek(self) -> bytes:
        try:
            peeked: bytes = self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return b""
        return peeked

    def _say(self, status: int, told: object, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _tell_nobody(_answer: Answer) -> None:
    """Say nothing of a request."""


@contextmanager
def listening(
    receiver: Receiver, port: int = 0, slow: float = SLOW, tell: Callable[[Answer], None] = _tell_nobody
) -> Iterator[str]:
    """Listen on this machine until the block ends; yield the address. ValueError where the port is taken."""
    try:
        server = _Server(port, receiver, slow, tell)
    except OSError as problem:
        raise ValueError(f"--port {port}: {problem.strerror}") from problem
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": _LOOK_EVERY}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
