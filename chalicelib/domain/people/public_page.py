"""The unsubscribe page, the page about real texts and the one at the bare address, as their readers see them."""

import re
from typing import Literal

from msgspec import Struct

from chalicelib.domain.language import Language
from chalicelib.domain.phones import as_dialled, spoken_number
from chalicelib.domain.settings.agency import Agency

PolicyName = Literal["privacy", "terms"]


class PublicPage(Struct, frozen=True, kw_only=True):
    """The content of one of these pages; `part` names its words. `agencies` are those of the bare address."""

    part: Literal["consent", "real", "home"]
    standing: str
    language: Language
    agency: Agency | None = None
    choices: tuple[str, ...] = ()
    agencies: tuple[Agency, ...] = ()

    @property
    def text_to_911(self) -> bool:
        """Tell whether every agency of the page takes texts to 911; a page of no known agency does not say so."""
        ours = (self.agency,) if self.agency else self.agencies
        return bool(ours) and all(agency.text_to_911 for agency in ours)

    @property
    def texts_from(self) -> tuple[str, ...]:
        """Return the numbers that texts come from, as people read them; a messaging service's id is left out."""
        numbers = self.agency.numbers.texting if self.agency else ()
        return tuple(spoken_number(number) for number in numbers if number.lstrip("+").isdigit())

    @property
    def call_link(self) -> str:
        """Return the link that calls the agency, or "" where its number can't be dialled as it is written."""
        number = as_dialled(self.agency.numbers.non_emergency, self.agency.country) if self.agency else ""
        return f"tel:{number}" if re.fullmatch(r"\+?\d+", number) else ""

    @property
    def links_to(self) -> tuple[str, ...]:
        """Return the addresses that links in texts lead to."""
        links = (self.agency.survey.home, self.agency.resources_link) if self.agency else ()
        return tuple(filter(None, links))

    @property
    def policies(self) -> tuple[tuple[PolicyName, str], ...]:
        """Return the pages that registrations of numbers ask for, each with the name of its words."""
        if self.agency is None:
            return ()
        links: dict[PolicyName, str] = {"privacy": self.agency.privacy_link, "terms": self.agency.terms_link}
        return tuple((name, link) for name, link in links.items() if link)
