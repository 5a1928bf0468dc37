"""Cards with a square code that an officer hands out: one link begins several surveys, and no phone is needed."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.language import Language


class Card(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A card as it is stored, by the hash of its token; `used` surveys of at most `uses` have been begun with it.

    `label` is the agency's own word for where the cards are, such as a unit: it goes with the answers.
    """

    token_hash: str
    agency_id: str
    settings_version: int
    language: Language = "en"
    label: str = ""
    uses: int = 1
    used: int = 0
    made_at: datetime
    expires_at: datetime
