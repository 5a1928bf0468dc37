"""Published settings and the state of an agency, as the flows need them stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.desk.paging import PagingBook
from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.incidents.legal_hold import Holds
from chalicelib.domain.notifications.breaker import Breakers
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.wave import Waves
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent
from chalicelib.domain.settings.desk import Desk


class Settings(Protocol):
    """Published settings, and what can change from one second to the next."""

    def agency(self, agency_id: str, at_least: int = 0) -> Agency | None:
        """Return the current settings, at most a minute old; None for an agency that has none.

        They are not older than the version `at_least`: what newer settings decided is not judged by older ones.
        """

    def version(self, agency_id: str, number: int) -> Agency | None:
        """Return a published version, whether it is the current one or not."""

    def agency_at(self, number: str) -> Agency | None:
        """Return the agency that texts from a number."""

    def agencies_at(self, site: str) -> Sequence[str]:
        """Return the agencies whose links lead to a site, by the host that people open."""

    def desks(self) -> Mapping[str, Desk]:
        """Return who may come to the desk for which agency; an agency that gives no role is not there."""

    def conditions(self, agency_id: str) -> Conditions:
        """Read, uncached, what is paused, when its feed was last heard, and which providers are in trouble."""

    def note_feed(self, agency_id: str, at: datetime, told: Tally | None = None) -> None:
        """Note that the agency's feed lives, and what it told if it is no heartbeat; cheap to call for each webhook."""

    def agencies(self) -> Sequence[str]:
        """Return every agency that has settings, as of the last hour."""

    def feed(self, agency_id: str) -> tuple[FeedHeard, FeedBook | None]:
        """Return what an agency's feed brought, and what is remembered of it, by one read."""

    def note_book(self, agency_id: str, before: FeedBook | None, after: FeedBook) -> None:
        """Write what is remembered of a feed over what was read; Conflict."""

    def note_breakers(self, agency_id: str, before: Breakers, after: Breakers) -> None:
        """Write how an agency's providers do over what was read; Conflict."""

    def waves(self, agency_id: str) -> Waves:
        """Read, uncached, of which providers the carriers block texts."""

    def is_calm(self, agency_id: str) -> bool:
        """Tell whether carriers block no texts, as of a few seconds ago; cheap to call for each receipt."""

    def note_waves(self, agency_id: str, before: Waves, after: Waves) -> None:
        """Write of which providers the carriers block texts over what was read; Conflict."""

    def held(self, agency_id: str) -> Holds:
        """Return what is under a legal hold, persons by keyed hash, incidents by name, at most a minute old."""

    def holds(self, agency_id: str) -> Holds:
        """Return the same with the holds that somebody is lifting, read now."""

    def spent(self, agency_id: str) -> Spent:
        """Read, uncached, what an agency's texts have come to."""

    def note_spent(self, agency_id: str, before: Spent, after: Spent) -> None:
        """Write what they have come to over what was read; Conflict."""

    def paging(self, agency_id: str) -> PagingBook:
        """Read, uncached, whom pages reached, and how far what waits has climbed."""

    def note_paging(self, agency_id: str, before: PagingBook, after: PagingBook) -> None:
        """Write what is remembered of pages over what was read; Conflict."""
