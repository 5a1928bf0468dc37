"""The WebSocket itself: opened, listened to, and whatever ends it said in one line."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Event as Flag

from websockets.exceptions import ConnectionClosed, InvalidStatus, ProxyError, WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from feed.eido.failure import EidoFailed
from feed.eido.settings import MEGABYTE

PROTOCOL = Subprotocol("emergency-ent1.0")
CLOSES_WITHIN = 1.0
_OURS = {1002: "the other side breaks the protocol of WebSockets"}
_TOO_BIG = 1009


class Socket:
    """An open connection. Pings are the caller's: what is late is judged by its clock."""

    def __init__(
        self, url: str, tls: ssl.SSLContext | None, headers: Mapping[str, str], largest: int, within: float
    ) -> None:
        self._stack, self._largest = ExitStack(), largest
        self.drained = False
        with _opening():
            opening = connect(
                url,
                ssl=tls,
                subprotocols=[PROTOCOL],
                additional_headers=dict(headers),
                open_timeout=within,
                ping_interval=None,
                close_timeout=CLOSES_WITHIN,
                max_size=largest,
            )
            self._connection = self._stack.enter_context(opening)
        self._connection.socket.settimeout(within)  # whoever reads no answers must not stop the feed

    def listen(self, seconds: float) -> Iterator[bytes]:
        """Yield what comes within so many seconds; EidoFailed. It is `drained` where nothing more was there."""
        until, self.drained = time.monotonic() + seconds, False
        while True:
            try:
                with self._said():
                    data = self._connection.recv(max(0.0, until - time.monotonic()), decode=False)
            except TimeoutError:
                self.drained = True
                return
            yield data
            if time.monotonic() >= until:
                return

    def send(self, message: str) -> None:
        """Send a text; EidoFailed."""
        with self._said():
            self._connection.send(message)

    def ping(self) -> Flag:
        """Ping, and return what is set when the answer is there; EidoFailed."""
        with self._said():
            return self._connection.ping()

    def close(self) -> None:
        """Close the connection; what can't be closed in time is left."""
        self._stack.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except ConnectionClosed as problem:
            raise EidoFailed(self._why_closed(problem)) from problem

    def _why_closed(self, problem: ConnectionClosed) -> str:
        if problem.rcvd and problem.rcvd_then_sent is not False:
            return f"the other side has closed the connection ({problem.rcvd.code})"
        if problem.sent and problem.sent.code == _TOO_BIG:
            return f"a message is larger than {self._largest // MEGABYTE} MB"
        return _OURS.get(problem.sent.code if problem.sent else 0, "the connection broke")


@contextmanager
def _opening() -> Iterator[None]:
    """Say why no connection comes about."""
    try:
        yield
    except InvalidStatus as problem:
        raise EidoFailed(f"the server answers {problem.response.status_code}") from problem
    except ssl.SSLCertVerificationError as problem:
        raise EidoFailed(f"the server's certificate is not trusted: {problem.verify_message}") from problem
    except ssl.SSLError as problem:
        raise EidoFailed(f"no connection by TLS: {problem.reason}") from problem
    except TimeoutError as problem:
        raise EidoFailed("no connection in time") from problem
    except OSError as problem:
        raise EidoFailed(f"no connection: {problem.strerror or type(problem).__name__}") from problem
    except ConnectionClosed as problem:
        tls = isinstance(problem.__cause__, ssl.SSLError)
        said = "refuses our certificate, or asks for one" if tls else "closes the connection at once"
        raise EidoFailed(f"the server {said}") from problem
    except ProxyError as problem:
        raise EidoFailed(f"the proxy lets nobody through: {type(problem).__name__}") from problem
    except (WebSocketException, EOFError, ValueError) as problem:
        raise EidoFailed(f"the server does not speak WebSocket: {type(problem).__name__}") from problem
