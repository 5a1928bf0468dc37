"""The unsubscribe page and the page about real texts: what the reader sees."""

from typing import Literal

from msgspec import Struct

from chalicelib.domain.language import Language
from chalicelib.domain.phones import spoken_number
from chalicelib.domain.settings.agency import Agency


class Notice(Struct, frozen=True, kw_only=True):
    """What the unsubscribe page and the page about real texts show; `part` names the template and the words."""

    part: Literal["consent", "real"]
    standing: str
    language: Language
    agency: Agency | None = None
    status: int = 200
    choices: tuple[str, ...] = ()

    @property
    def texts_from(self) -> tuple[str, ...]:
        """Return the numbers that texts come from, as people read them; a messaging service's id is none."""
        numbers = self.agency.numbers.texting if self.agency else ()
        return tuple(spoken_number(number) for number in numbers if number.lstrip("+").isdigit())

    @property
    def links_to(self) -> tuple[str, ...]:
        """Return the addresses that links lead to."""
        links = (self.agency.survey.origin, self.agency.resources_link) if self.agency else ()
        return tuple(filter(None, links))
