"""What a browser holds: 32 random bytes, of a sign-in that has begun or of a session."""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime

from chalicelib.domain.desk.id_token import Reason, Refused
from chalicelib.domain.desk.pending import OPEN_FOR, SIGNED_OUT, Pending, derived, hashed
from chalicelib.domain.desk.session import WIDEST, standing
from chalicelib.domain.lately import lately
from chalicelib.ports.desk import DeskPorts


def taken(ports: DeskPorts, state: str, cookie: str, redirect_uri: str, now: datetime) -> Pending:
    """Return the sign-in that a call-back is the end of: begun by this browser, not too old. Refused."""
    if not state:
        raise Refused(Reason.NOT_ASKED)
    if not cookie or not state.isascii() or not hmac.compare_digest(derived(cookie, "state"), state):
        raise Refused(Reason.ANOTHER_BROWSER)
    pending = ports.sessions.take(hashed(state))
    if pending is None or not lately(pending.begun_at, OPEN_FOR, now):
        raise Refused(Reason.TOO_LATE)
    if pending.redirect_uri != redirect_uri:
        raise Refused(Reason.NOT_ASKED)
    return pending


def left_behind(ports: DeskPorts, before: str, now: datetime) -> bool:
    """Tell whether a browser's cookie is of somebody who left it: whatever ended or locked the session that it opened.

    A session that is not there any more was ended from elsewhere, as after a theft, or by time. Whoever hung a wall
    screen has left it too, and the provider may still know them there.
    """
    if not before:
        return False
    session = ports.sessions.find(hashed(before)) if before != SIGNED_OUT else None
    return session is None or session.wall or standing(session, WIDEST, now) != "open"


def end(ports: DeskPorts, cookie: str) -> None:
    """End the session that a browser had before it got another."""
    session = ports.sessions.find(hashed(cookie)) if cookie else None
    if session is not None:
        ports.sessions.close(session)


def random_cookie(ports: DeskPorts) -> str:
    """Return 32 random bytes as a cookie holds them."""
    return urlsafe_b64encode(ports.chance() + ports.chance()).rstrip(b"=").decode()
