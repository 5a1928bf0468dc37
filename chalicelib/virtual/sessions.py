"""Sessions at the desk in memory."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import replace

from chalicelib.domain.desk.own_phone import OwnPhone
from chalicelib.domain.desk.own_text import Allowance
from chalicelib.domain.desk.pending import Pending
from chalicelib.domain.desk.session import Session
from chalicelib.ports.errors import Conflict


class MemorySessions:
    """The port `Sessions`."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self._begun: dict[str, Pending] = {}
        self._searches = Counter[tuple[str, str, str, str]]()
        self._at: dict[str, list[str]] = {}
        self._phones: dict[str, OwnPhone] = {}
        self._texts = Counter[tuple[str, ...]]()

    def open(self, session: Session, keep_until: datetime, agencies: Sequence[str] = ()) -> None:
        """Keep a new session; the agencies' admins find it."""
        self._open[session.hash] = session
        for agency_id in agencies:
            self._at.setdefault(agency_id, []).append(session.hash)

    def at(self, agency_id: str, since: datetime, most: int) -> list[Session]:
        """Return the wall screens of an agency, and the open sessions with a role that began since an instant."""
        there = [one for name in self._at.get(agency_id, ()) if (one := self.find(name))]
        known = [one for one in there if one.wall or one.began_at >= since]
        return sorted(known, key=lambda session: (session.wall, session.began_at), reverse=True)[:most]

    def find(self, session_hash: str) -> Session | None:
        """Return a session; None for one that was closed or never was."""
        return self._open.get(session_hash)

    def acted(self, session_hash: str, at: datetime) -> bool:
        """Note an act; return whether the session is still there."""
        known = self._open.get(session_hash)
        if known is not None:
            self._open[session_hash] = replace(known, acted_at=at)
        return known is not None

    def close(self, session: Session) -> None:
        """End a session; ending it twice is no error."""
        self._open.pop(session.hash, None)
        self.forget_own_phone(session.hash)

    def close_all(self, issuer: str, subject: str) -> int:
        """End all sessions of a person, and return how many there were."""
        ended = self.of(issuer, subject)
        for session in ended:
            self.close(session)
        return len(ended)

    def of(self, issuer: str, subject: str) -> list[Session]:
        """Return the sessions of a person, the newest first."""
        found = (one for one in self._open.values() if (one.issuer, one.subject) == (issuer, subject))
        return sorted(found, key=lambda session: session.began_at, reverse=True)

    def searched(self, agency_id: str, issuer: str, subject: str, at: datetime) -> int:
        """Count a search, and return how many its person made in this hour."""
        place = (agency_id, issuer, subject, f"{at:%Y-%m-%dT%H}")
        self._searches[place] += 1
        return self._searches[place]

    def own_phone(self, session_hash: str) -> OwnPhone | None:
        """Return the phone that a session's person says is theirs, or None."""
        return self._phones.get(session_hash)

    def put_own_phone(self, session_hash: str, phone: OwnPhone, until: datetime) -> OwnPhone:
        """Write that phone over the version that it was read as; Conflict."""
        known = self._phones.get(session_hash)
        if (known.version if known else 0) != phone.version:
            raise Conflict
        self._phones[session_hash] = replace(phone, version=phone.version + 1)
        return self._phones[session_hash]

    def forget_own_phone(self, session_hash: str) -> None:
        """Forget that phone."""
        self._phones.pop(session_hash, None)

    def count_own_text(self, agency_id: str, who: tuple[str, str], day: date, allowed: Allowance) -> bool:
        """Count a text to one's own phone; False, uncounted, where that is too many."""
        person, every = (*who, day.isoformat(), allowed.use), (agency_id, day.isoformat())
        if self._texts[person] >= allowed.of_person or self._texts[every] >= allowed.of_agency:
            return False
        self._texts[person] += 1
        self._texts[every] += 1
        return True

    def begin(self, pending: Pending, until: datetime) -> None:
        """Keep a sign-in that has begun."""
        self._begun[pending.state_hash] = pending

    def take(self, state_hash: str) -> Pending | None:
        """Return a sign-in that has begun, and forget it: the second who asks gets None."""
        return self._begun.pop(state_hash, None)
