"""A browser says which languages its reader knows."""

import pytest

from chalicelib.domain.language import direction
from chalicelib.web.languages import accepted_among, accepted_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr,es;q=0.5,en;q=0.4", "es"),
        ("en;q=0.1, es;q=0.9", "es"),
        ("es;q=0", "en"),
        ("de", "en"),
        (";;;,,q=,es;q=x" + "," * 500, "es"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(header, language):
    assert accepted_language(header) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [("ar-EG,en;q=0.5", "ar"), ("fr, es;q=0.3, ar;q=0.4", "ar"), ("fr", None), ("", None), ("ar;q=0, es", "es")],
)
def test_a_browser_tells_which_language_is_read(header, language):
    assert accepted_among(header, {"en", "es", "ar"}) == language
    assert direction(language or "en") == ("rtl" if language == "ar" else "ltr")
