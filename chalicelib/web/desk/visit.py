"""A visit: who asks for which page of the desk, what they may do there, and in which language they read it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.desk.permissions import Permission, Role
from chalicelib.domain.desk.session import Session
from chalicelib.domain.settings.agency import Agency
from chalicelib.web.desk.request import Asked
from chalicelib.wiring import Aws
from chalicelib.words import desk as words


class Answer(Struct, frozen=True, kw_only=True):
    """An answer over HTTP. `cookies` are whole lines, since a browser may be given several."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = {}
    cookies: tuple[str, ...] = ()


class Visit(Struct, frozen=True, kw_only=True):
    """One request, once the door has let it in.

    `session` is None on the few pages that need none, `agency` on those that are of no agency. `parts` are what the
    address itself names, such as the agency.
    """

    asked: Asked
    world: Aws
    now: datetime
    language: str
    parts: Mapping[str, str] = {}
    session: Session | None = None
    agency: Agency | None = None
    roles: frozenset[Role] = frozenset()
    may: frozenset[Permission] = frozenset()

    def say(self, name: str, /, **values: object) -> str:
        """Return words in the reader's language with their values filled in."""
        return words.find(self.language, name).format_map(values)

    def link(self, *parts: str) -> str:
        """Return the address of a page of this agency's, or of the desk's own where there is none."""
        own = [self.agency.agency_id] if self.agency else []
        return self.asked.link("/".join(["/desk", *own, *parts]))

    def agency_path(self, *parts: str) -> str:
        """Return our own path of a page of this agency's."""
        return "/".join(["/desk", self.ours.agency_id, *parts])

    @property
    def person(self) -> Session:
        """Return the session of a page that has one."""
        if self.session is None:
            raise LookupError("this page is for people who are signed in")
        return self.session

    @property
    def ours(self) -> Agency:
        """Return the agency of a page that has one."""
        if self.agency is None:
            raise LookupError("this page is of an agency")
        return self.agency


View = Callable[[Visit], Answer]
