"""Sign somebody in at the desk, by the agency's own identity provider, and out again.

OpenID Connect's code flow with PKCE: `begin` sends the browser to the provider, `finish` takes what it brings back,
`resume` finds the session at each request. A cookie of 32 random bytes is all that a browser holds. Signing in makes
another one each time, so nobody can bring a session that they know into somebody else's browser.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.id_token import Reason, Refused
from chalicelib.domain.desk.pending import OPEN_FOR, SIGNED_OUT, Pending, derived, hashed, safe_target
from chalicelib.domain.desk.session import Limits, Session, limits_for, renewable, standing
from chalicelib.domain.settings.desk import LONGEST, roles_of
from chalicelib.flow.desk.ask_provider import authorization, identify, sign_out_address, sign_out_first
from chalicelib.flow.desk.browser import end, left_behind, random_cookie, taken
from chalicelib.ports.desk import DeskPorts, ProviderDown


class Begun(Struct, frozen=True, kw_only=True):
    """Where the browser goes, and the cookie that it keeps until it comes back."""

    location: str
    cookie: str


class SignedIn(Struct, frozen=True, kw_only=True):
    """A new session: its cookie, and the page that the person wanted."""

    cookie: str
    session: Session
    target: str


class SignedOut(Struct, frozen=True, kw_only=True):
    """How many sessions ended, and where the provider's own session is ended; "" where it does not say."""

    closed: int
    location: str


class SignInFailed(Exception):
    """Nobody is signed in; `subject` is the person where the provider named one."""

    def __init__(self, reason: Reason, subject: str = "") -> None:
        super().__init__(reason)
        self.reason, self.subject = reason, subject


class NotSignedIn(Exception):
    """The cookie opens no session."""


class Locked(Exception):
    """Nobody acted for too long: the same person signs in again and goes on."""

    def __init__(self, session: Session) -> None:
        super().__init__("locked")
        self.session = session


def begin(
    ports: DeskPorts,
    target: str,
    redirect_uri: str,
    now: datetime,
    again: Session | None = None,
    before: str = "",
) -> Begun:
    """Begin to sign somebody in. SignInFailed.

    `again` is the session whose person must prove anew who they are. `before` is the cookie that the browser has: where
    it opens no session any more, or a locked one, whoever comes next must prove it too. Otherwise the
    provider's own session of the one who left would open the desk to the one who sits down.
    """
    anew = again is not None or left_behind(ports, before, now)
    try:
        provider, secret = ports.desk_provider, random_cookie(ports)
        issuer = provider.describe().issuer
        if again and again.issuer != issuer:
            raise SignInFailed(Reason.SOMEBODY_ELSE)
        location = sign_out_first(provider, redirect_uri) if anew else ""
        location = location or authorization(provider, secret, redirect_uri, again=anew)
    except ProviderDown as down:
        raise SignInFailed(Reason.PROVIDER_DOWN) from down
    pending = Pending(
        state_hash=hashed(derived(secret, "state")),
        target=safe_target(target),
        issuer=issuer,
        redirect_uri=redirect_uri,
        begun_at=now,
        again=anew,
        again_as=again.subject if again else "",
    )
    ports.sessions.begin(pending, now + OPEN_FOR)
    return Begun(location=location, cookie=secret)


def onward(ports: DeskPorts, query: Mapping[str, str], cookie: str, redirect_uri: str) -> str:
    """Return where the browser goes on that comes back from ending its session at the provider, or "". SignInFailed."""
    if not cookie or query:
        return ""
    try:
        return authorization(ports.desk_provider, cookie, redirect_uri, again=True)
    except ProviderDown as down:
        raise SignInFailed(Reason.PROVIDER_DOWN) from down


def finish(
    ports: DeskPorts,
    query: Mapping[str, str],
    cookie: str,
    redirect_uri: str,
    now: datetime,
    before: str = "",
) -> SignedIn:
    """Take what the provider's call-back brings; `before` is the cookie of a session, which ends. SignInFailed."""
    try:
        pending = taken(ports, query.get("state", ""), cookie, redirect_uri, now)
        known = ports.settings.desks()
        desks = tuple(known.values())
        claims = frozenset(desk.claim for desk in desks)
        identity = identify(ports.desk_provider, query, cookie, pending, now, claims)
    except Refused as refused:
        raise SignInFailed(refused.reason) from refused
    except ProviderDown as down:
        raise SignInFailed(Reason.PROVIDER_DOWN) from down
    if pending.again_as not in ("", identity.subject):
        raise SignInFailed(Reason.SOMEBODY_ELSE, identity.subject)
    fresh_cookie = random_cookie(ports)
    session = Session(
        hash=hashed(fresh_cookie),
        issuer=identity.issuer,
        subject=identity.subject,
        name=identity.name,
        groups=identity.groups,
        methods=identity.methods,
        signed_in_at=identity.signed_in_at,
        began_at=now,
        acted_at=now,
        limits=limits_for(identity.groups, desks),
    )
    theirs = [name for name, desk in known.items() if roles_of(session.groups, desk)]
    ports.sessions.open(session, now + LONGEST, theirs)
    end(ports, before)
    return SignedIn(cookie=fresh_cookie, session=session, target=pending.target)


def resume(ports: DeskPorts, cookie: str, limits: Limits, now: datetime) -> Session:
    """Return the session of a cookie by one read, which is no act. NotSignedIn, Locked."""
    session = ports.sessions.find(hashed(cookie)) if cookie not in ("", SIGNED_OUT) else None
    how = "ended" if session is None else standing(session, limits, now)
    if session is None or how == "ended":
        raise NotSignedIn
    if how == "locked":
        raise Locked(session)
    return session


def renew(ports: DeskPorts, session: Session, now: datetime) -> Session:
    """Note that somebody acted, at most once a minute; a poll is no act. NotSignedIn where the session has ended."""
    if not renewable(session, now):
        return session
    if not ports.sessions.acted(session.hash, now):
        raise NotSignedIn
    return replace(session, acted_at=now)


def sign_out(ports: DeskPorts, session: Session, *, everywhere: bool, home: str = "") -> SignedOut:
    """End a session, or all of its person's. `home` is where the provider sends the browser afterwards.

    The desk's own sessions end first, whether the provider answers or not.
    """
    closed = 1
    if everywhere:
        closed = ports.sessions.close_all(session.issuer, session.subject)
    ports.sessions.close(session)
    try:
        return SignedOut(closed=closed, location=sign_out_address(ports.desk_provider, home))
    except ProviderDown:
        return SignedOut(closed=closed, location="")
