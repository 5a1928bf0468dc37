"""HTTP servers of our own, in a thread, on a socket that is bound before anybody is told of it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp


def bound_socket(port: int) -> socket.socket:
    """Return a socket that holds a port of this machine; 0 is any."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held


def address(held: socket.socket) -> str:
    """Return the address of what will listen there."""
    return f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def serving(app: ASGIApp, held: socket.socket, tls: tuple[Path, Path] | None = None) -> Iterator[None]:
    """Serve until the block ends, with a key and its certificate over TLS. No access log: paths hold survey tokens."""
    # Clients keep connections; one that is closed in the moment in which it is used again leaves them in doubt.
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", timeout_keep_alive=120)
    if tls:
        config.ssl_keyfile, config.ssl_certfile = tls
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join(5)
        held.close()
