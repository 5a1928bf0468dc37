"""Sessions at the desk, and sign-ins that have begun.

A session is under the hash of its cookie, so the table opens no door to whoever reads it. Its name stands beside its
person too, so that all of somebody's sessions end without a scan. It stands beside each agency where the person has a
role, too, by the time when it began, so that an admin finds it. Rows go by themselves when they have ended. The phone
that a person says is theirs is in the session's own partition, and goes with it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import SessionItem, as_conflict, condition_failed, instant, read_instant, save_over
from chalicelib.domain.desk.own_phone import OwnPhone
from chalicelib.domain.desk.own_text import Allowance
from chalicelib.domain.desk.pending import Pending
from chalicelib.domain.desk.session import Session

_SESSION = "session"
_BEGUN = "begun"
_OWN_PHONE = "own-phone"
_WALL = "wall#"
_KEEP_SEARCHES = timedelta(hours=2)
_KEEP_OWN_TEXTS = timedelta(days=2)
_MOST_AGENCIES = 90
"""A transaction takes 100 writes."""


class NoDesk(LookupError):
    """The stack has no desk, so nobody can sign in."""

    def __str__(self) -> str:
        """Say what to do."""
        return "this stack has no desk: deploy this release with Desk=true"


class SessionTable:
    """The port `Sessions` in DynamoDB."""

    def __init__(self, items: type[SessionItem], connection: Connection) -> None:
        self._items, self._connection = items, connection

    def open(self, session: Session, keep_until: datetime, agencies: Sequence[str] = ()) -> None:
        """Keep a new session, with its name beside its person and the agencies; all or nothing."""
        item = self._items(
            _session_pk(session.hash),
            _SESSION,
            document=encode(session),
            acted_at=instant(session.acted_at),
            expires=keep_until,
        )
        name = self._items(_person_pk(session.issuer, session.subject), session.hash, expires=keep_until)
        with TransactWrite(connection=self._connection) as transaction:
            transaction.save(item, self._items.pk.does_not_exist())
            transaction.save(name)
            for agency_id in agencies[:_MOST_AGENCIES]:
                transaction.save(self._items(_agency_pk(agency_id), _began(session), expires=keep_until))

    def at(self, agency_id: str, since: datetime, most: int) -> list[Session]:
        """Return the wall screens of an agency, and the open sessions with a role that began since an instant.

        Screens come first, whenever they began; of each, the newest. It takes one Query, and a read for each of at
        most `most` names.
        """
        began = self._items.query(
            _agency_pk(agency_id), self._items.sk >= instant(since), scan_index_forward=False, limit=most
        )
        return [one for item in began if (one := self.find(item.sk.rpartition("#")[2]))]

    def find(self, session_hash: str) -> Session | None:
        """Return a session, by one consistent read; None for one that was closed or never was."""
        try:
            item = self._items.get(_session_pk(session_hash), _SESSION, consistent_read=True)
        except self._items.DoesNotExist:
            return None
        session = decode(item.document, Session)
        return replace(session, acted_at=read_instant(item.acted_at)) if item.acted_at else session

    def acted(self, session_hash: str, at: datetime) -> bool:
        """Note an act; return whether the session is still there. A closed one stays closed."""
        item = self._items(_session_pk(session_hash), _SESSION)
        try:
            item.update(actions=[self._items.acted_at.set(instant(at))], condition=self._items.pk.exists())
        except UpdateError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def close(self, session: Session) -> None:
        """End a session; ending it twice is no error. Its name beside its person goes last."""
        self._items(_session_pk(session.hash), _SESSION).delete()
        self.forget_own_phone(session.hash)
        if session.wall:  # it lasts for a month, and its name would stand among those of the agency as long
            self._items(_agency_pk(session.wall_at), _began(session)).delete()
        self._items(_person_pk(session.issuer, session.subject), session.hash).delete()

    def close_all(self, issuer: str, subject: str) -> int:
        """End all sessions of a person, and return how many there were."""
        names = list(self._names(issuer, subject))
        for name in names:
            self._items(_session_pk(name), _SESSION).delete()
            self.forget_own_phone(name)
            self._items(_person_pk(issuer, subject), name).delete()
        return len(names)

    def of(self, issuer: str, subject: str) -> list[Session]:
        """Return the sessions of a person, the newest first; some may have ended by time."""
        found = (self.find(name) for name in self._names(issuer, subject))
        return sorted(filter(None, found), key=lambda session: session.began_at, reverse=True)

    def begin(self, pending: Pending, until: datetime) -> None:
        """Keep a sign-in that has begun."""
        self._items(_begun_pk(pending.state_hash), _BEGUN, document=encode(pending), expires=until).save()

    def take(self, state_hash: str) -> Pending | None:
        """Return a sign-in that has begun, and forget it: the second who asks gets None."""
        try:
            item = self._items.get(_begun_pk(state_hash), _BEGUN, consistent_read=True)
            item.delete(self._items.pk.exists())
        except self._items.DoesNotExist:
            return None
        except DeleteError as error:
            if condition_failed(error):
                return None
            raise
        return decode(item.document, Pending)

    def searched(self, agency_id: str, issuer: str, subject: str, at: datetime) -> int:
        """Count a search of a person who is signed in, and return how many they made in this hour.

        The count is of the person: who signs in anew does not begin anew.
        """
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        place = _person_pk(issuer, subject).replace("person#", "searches#", 1)
        item = self._items(place, f"{agency_id}#{hour:%Y-%m-%dT%H}")
        expires = self._items.expires.set(hour + _KEEP_SEARCHES)
        item.update(actions=[self._items.tries.add(1), expires])
        return int(item.tries or 0)

    def own_phone(self, session_hash: str) -> OwnPhone | None:
        """Return the phone that a session's person says is theirs, by one consistent read, or None."""
        item = self._items.find(_session_pk(session_hash), _OWN_PHONE)
        return decode(item.document, OwnPhone) if item and item.document else None

    def put_own_phone(self, session_hash: str, phone: OwnPhone, until: datetime) -> OwnPhone:
        """Write that phone over the version that it was read as; Conflict. `tries` counts the versions."""
        after = replace(phone, version=phone.version + 1)
        place = _session_pk(session_hash), _OWN_PHONE
        item = self._items(*place, document=encode(after), tries=after.version, expires=until)
        save_over(item, self._items.tries == phone.version if phone.version else self._items.pk.does_not_exist())
        return after

    def forget_own_phone(self, session_hash: str) -> None:
        """Forget that phone."""
        self._items(_session_pk(session_hash), _OWN_PHONE).delete()

    def count_own_text(self, agency_id: str, who: tuple[str, str], day: date, allowed: Allowance) -> bool:
        """Count a text to one's own phone, by its person and by the agency; False where that is too many."""
        person = self._items(_person_pk(*who).replace("person#", "own-texts#", 1), f"{day.isoformat()}#{allowed.use}")
        every = self._items(f"own-texts#{agency_id}", day.isoformat())
        expires = self._items.expires.set(datetime.combine(day, time.min, UTC) + _KEEP_OWN_TEXTS)
        tries = self._items.tries
        try:
            with TransactWrite(connection=self._connection) as transaction:
                for item, limit in ((person, allowed.of_person), (every, allowed.of_agency)):
                    below = tries.does_not_exist() | (tries < limit)
                    transaction.update(item, actions=[tries.add(1), expires], condition=below)
        except TransactWriteError as error:
            if condition_failed(error):
                return False
            raise as_conflict(error) from error
        return True

    def _names(self, issuer: str, subject: str) -> Iterator[str]:
        found = self._items.query(_person_pk(issuer, subject), consistent_read=True)
        yield from (item.sk for item in found)


def _session_pk(session_hash: str) -> str:
    return f"session#{session_hash}"


def _agency_pk(agency_id: str) -> str:
    return f"agency#{agency_id}"


def _began(session: Session) -> str:
    """Return the place of a session beside its agency: that of a screen sorts behind every instant."""
    return f"{_WALL if session.wall else ''}{instant(session.began_at)}#{session.hash}"


def _begun_pk(state_hash: str) -> str:
    return f"begun#{state_hash}"


def _person_pk(issuer: str, subject: str) -> str:
    """Return the partition of a person's sessions; an issuer is an address, so it holds no line break."""
    who = f"{issuer}\n{subject}"
    return f"person#{hashlib.sha256(who.encode()).hexdigest()}"
