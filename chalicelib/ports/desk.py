"""What the desk needs of the world: sessions, sign-ins that have begun, and the agency's identity provider."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from msgspec import Struct

from chalicelib.domain.desk.own_phone import OwnPhone
from chalicelib.domain.desk.own_text import Allowance
from chalicelib.domain.desk.pending import Pending
from chalicelib.domain.desk.session import Session
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.own_texts import OwnTexts
from chalicelib.ports.queue import Queue
from chalicelib.ports.settings import Settings


class ProviderDown(Exception):
    """The identity provider can't be reached, or is not what it should be; the text says what to look at."""


class ProviderRefused(Exception):
    """The identity provider answered that it gives no token for this code; the text is its error's name."""


class Description(Struct, frozen=True, kw_only=True):
    """An identity provider, as its discovery document says it (OpenID Connect Discovery 1.0).

    `names_itself` says that its call-backs carry `iss` (RFC 9207), so one without it is another's.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str = ""
    names_itself: bool = False


class Sessions(Protocol):
    """Sessions by the hash of their cookie, and sign-ins that have begun."""

    def open(self, session: Session, keep_until: datetime, agencies: Sequence[str] = ()) -> None:
        """Keep a new session; the agencies' admins find it."""

    def at(self, agency_id: str, since: datetime, most: int) -> Sequence[Session]:
        """Return the wall screens of an agency, and the open sessions with a role that began since an instant.

        Screens come first, whenever they began; of each, the newest.
        """

    def find(self, session_hash: str) -> Session | None:
        """Return a session, by one consistent read; None for one that was closed or never was."""

    def acted(self, session_hash: str, at: datetime) -> bool:
        """Note an act; return whether the session is still there. A closed one stays closed."""

    def close(self, session: Session) -> None:
        """End a session; ending it twice is no error."""

    def close_all(self, issuer: str, subject: str) -> int:
        """End all sessions of a person, and return how many there were."""

    def of(self, issuer: str, subject: str) -> Sequence[Session]:
        """Return the sessions of a person, the newest first."""

    def searched(self, agency_id: str, issuer: str, subject: str, at: datetime) -> int:
        """Count a search of a person who is signed in, and return how many they made in this hour."""

    def own_phone(self, session_hash: str) -> OwnPhone | None:
        """Return the phone that a session's person says is theirs, or None; it goes with the session."""

    def put_own_phone(self, session_hash: str, phone: OwnPhone, until: datetime) -> OwnPhone:
        """Write that phone over the version that it was read as; Conflict."""

    def forget_own_phone(self, session_hash: str) -> None:
        """Forget that phone."""

    def count_own_text(self, agency_id: str, who: tuple[str, str], day: date, allowed: Allowance) -> bool:
        """Count a text to one's own phone, by its person and by the agency; False, uncounted, where that is too many.

        `who` is an issuer and a subject. A person's texts count at whatever agency they are.
        """

    def begin(self, pending: Pending, until: datetime) -> None:
        """Keep a sign-in that has begun."""

    def take(self, state_hash: str) -> Pending | None:
        """Return a sign-in that has begun, and forget it: the second who asks gets None."""


class Provider(Protocol):
    """The agency's identity provider."""

    @property
    def client_id(self) -> str:
        """Return our name there; ProviderDown where the agency has not said it yet."""

    @property
    def scope(self) -> str:
        """Return what we ask for."""

    @property
    def logout(self) -> str:
        """Return the address that ends a session at Cognito, which may ignore `max_age`; "" elsewhere."""

    def describe(self) -> Description:
        """Return what is known of it; ProviderDown."""

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        """Return the claims of the ID token that it gives for a code; ProviderDown, ProviderRefused, Refused."""


class DeskPorts(Protocol):
    """The world, as signing in sees it."""

    @property
    def sessions(self) -> Sessions:
        """Return the sessions."""

    @property
    def desk_provider(self) -> Provider:
        """Return the identity provider; ProviderDown where there is none."""

    @property
    def settings(self) -> Settings:
        """Return the settings."""

    def chance(self) -> bytes:
        """Return 16 bytes that nobody can guess, others each time."""


class OwnPhonePorts(Protocol):
    """The world, as the desk's page for one's own phone sees it."""

    @property
    def sessions(self) -> Sessions:
        """Return the sessions, which keep the phone."""

    @property
    def own_texts(self) -> OwnTexts:
        """Return the texts."""

    @property
    def settings(self) -> Settings:
        """Return the settings, and what is paused."""

    @property
    def queue(self) -> Queue:
        """Return the queue that `deliver` works on."""

    @property
    def code_secret(self) -> bytes:
        """Return the key under which codes are hashed."""

    def chance(self) -> bytes:
        """Return 16 bytes that nobody can guess, others each time."""

    def words(self, agency: Agency, language: str) -> Mapping[str, Any]:
        """Return the templates of a language, as the people of an agency read them."""
