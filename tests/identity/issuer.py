"""An identity provider over real TLS sockets: exact by itself, and as wrong as a test wants it."""

import ssl
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs

import msgspec
import trustme

WELL_KNOWN = "/.well-known/openid-configuration"


class Issuer:
    """What a provider answers: `documents` by path, each (number, text, more headers). Whatever is asked is kept."""

    def __init__(self, port):
        self.address = f"https://localhost:{port}"
        self.asked = deque()
        self.never = Event()
        self.documents = {}
        self.describes(
            issuer=self.address,
            authorization_endpoint=f"{self.address}/authorize",
            token_endpoint=f"{self.address}/token",
            end_session_endpoint=f"{self.address}/end",
        )

    def describes(self, **said):
        self.answers(WELL_KNOWN, said)

    def answers(self, path, said, number=200, **headers):
        text = said if isinstance(said, bytes) else msgspec.json.encode(said)
        self.documents[path] = number, text, headers

    @property
    def paths(self):
        return [path for _, path, _, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer({})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def _answer(self, form):
        issuer = self.server.issuer
        issuer.asked.append((self.command, self.path, {n.lower(): v for n, v in self.headers.items()}, form))
        number, text, headers = issuer.documents.get(self.path, (404, b"", {}))
        if text == SILENCE:
            issuer.never.wait()
            return
        self.send_response(number)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        try:
            while text.startswith(DRIP) and not issuer.never.is_set():
                self.wfile.write(b" " * 1024)
                self.wfile.flush()
            self.wfile.write(text)
        except OSError:
            return  # the other side hung up, as it should

    def log_message(self, *args):
        """Say nothing."""


SILENCE, DRIP = b"\x00silence", b"\x00drip"
"""An answer that never begins, and one that never ends."""


@contextmanager
def running(authority, name="localhost"):
    """Serve an issuer on this machine, with a certificate of an authority."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that does not trust us hangs up
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.issuer = Issuer(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.issuer
    finally:
        server.issuer.never.set()
        server.shutdown()
        server.server_close()
        thread.join()


def authority():
    """Return an authority that lives as long as a test."""
    return trustme.CA()
