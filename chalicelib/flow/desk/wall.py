"""Turn a browser's session into that of a wall screen: it shows the board of one agency, and can do nothing else.

The new session is there before the old one ends. Whoever stops half-way has a session too many and none too few.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.session import Limits, Session, wall_of
from chalicelib.flow.desk.ask_provider import sign_out_address
from chalicelib.flow.desk.browser import random_cookie
from chalicelib.ports.desk import DeskPorts, ProviderDown


class Hung(Struct, frozen=True, kw_only=True):
    """The session of a wall screen, its cookie, and where the provider's own session is ended, or ""."""

    cookie: str
    session: Session
    location: str


def hang(ports: DeskPorts, session: Session, agency_id: str, limits: Limits, home: str, now: datetime) -> Hung:
    """Open a wall screen's session, and end the one that opens it. `home` is where the provider leads afterwards."""
    cookie = random_cookie(ports)
    screen = wall_of(session, hashed(cookie), agency_id, limits, now)
    ports.sessions.open(screen, now + limits.wall, [agency_id])
    ports.sessions.close(session)
    try:
        return Hung(cookie=cookie, session=screen, location=sign_out_address(ports.desk_provider, home))
    except ProviderDown:
        return Hung(cookie=cookie, session=screen, location="")
