"""A proxy that leads HTTPS of the functions to servers of this machine, whatever they are called, and nowhere else.

It speaks the one method that HTTPS needs of a proxy, CONNECT (RFC 9110, 9.3.6), and sees nothing of what passes.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PIECE = 64 * 1024
_LONGEST_HEAD = 16 * 1024

Ways = Callable[[str], int | None]
"""Gives the port of this machine where a name's server listens; None for a name that has none."""


@contextmanager
def passage(held: socket.socket, ways: Ways) -> Iterator[None]:
    """Lead the way until the block ends."""
    ready, loop = threading.Event(), asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(asyncio.start_server(lambda *ends: _lead(ways, *ends), sock=held, limit=_LONGEST_HEAD))
        ready.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        held.close()


async def _lead(ways: Ways, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n", 1)[0]
        port = _port(asked, ways)
        if port is None:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        else:
            there, to_it = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pass_on(reader, to_it), _pass_on(there, writer))
    writer.close()


def _port(asked: str, ways: Ways) -> int | None:
    method, _, rest = asked.partition(" ")
    name, _, port = rest.partition(" ")[0].partition(":")
    return ways(name) if (method, port) == ("CONNECT", "443") else None


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        writer.close()
