"""A CAD that answers over HTTP, of our own: as vendors' manuals say, and misbehaving where a test asks for that."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx


class Request:
    """What was asked."""

    def __init__(self, handler, body):
        split = urlsplit(handler.path)
        self.method, self.path, self.headers, self.body = handler.command, split.path, handler.headers, body
        self.params = {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()}


class Reply:
    """What is answered: a body that is a value of JSON, a text, bytes, or pieces with pauses in between."""

    def __init__(self, body=b"", status=200, headers=None, pause=0.0, cut=False):
        self.body = body if isinstance(body, (bytes, list)) else (body if isinstance(body, str) else json.dumps(body))
        self.status, self.headers, self.pause, self.cut = status, headers or {}, pause, cut


class CadServer:
    """A server on a port of its own. `answer` is given each request; `goes_wrong` may answer in its place."""

    def __init__(self, answer):
        self.answer, self.goes_wrong, self.requests = answer, lambda request: None, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def _handler(served):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            request = Request(self, body)
            served.requests.append(request)
            reply = served.goes_wrong(request) or served.answer(request)
            if reply == "hang up":
                self.close_connection = True
                self.connection.close()
                return
            pieces = reply.body if isinstance(reply.body, list) else [reply.body]
            whole = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
            self.send_response_only(reply.status)  # without a Date of this machine's clock
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("content-length", str(sum(map(len, whole)) + (100 if reply.cut else 0)))
            self.end_headers()
            try:
                for piece in whole:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(reply.pause)
            except OSError:
                self.close_connection = True
            if reply.cut:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815  as the library has it

    return Handler


def served(agency):
    """Return a server in whose place an agency of memory answers: for a feed in a process of its own."""

    def answer(request):
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        asked = httpx.Request("POST", f"https://tell.example{request.path}", headers=headers, content=request.body)
        with lock:
            told = agency._answer(asked)
        return Reply(told.content, told.status_code, {"date": told.headers["date"]})

    lock = threading.Lock()
    return CadServer(answer)


def basic(user, secret):
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


class Calls:
    """The CAD's calls, by their number, and lists of them in the shapes that vendors have."""

    def __init__(self):
        self.calls = {}

    def put(self, number, kind="NOISE", at="2026-11-21T17:00:00Z", **more):
        self.calls[number] = {"no": number, "at": at, "kind": kind, **more}

    def all(self):
        return [dict(call) for call in self.calls.values()]
