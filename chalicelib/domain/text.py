"""Plain words: how a text is compared."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """Return the words alone: lower case, no accents, one space between."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", bare.lower()).strip()
