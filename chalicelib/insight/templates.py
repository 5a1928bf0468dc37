"""The words that tenfour brings, for an agency."""

from collections.abc import Mapping
from typing import Any

from chalicelib import words
from chalicelib.domain.settings.agency import Agency


def templates_of(agency: Agency) -> Mapping[str, Mapping[str, Any]]:
    """Return the templates that tenfour brings, in the languages of an agency."""
    return {language: words.load(language, text_to_911=agency.text_to_911) for language in agency.spoken}
