"""Tell whether a value says something by itself, or is a code that people can judge only with its meaning."""

from chalicelib.domain.text import normal

_OF_CODES = frozenset({"incident_type", "offenses"})
_FEWEST_LETTERS = 2


def lacks_meaning(field: str, value: str, meaning: str) -> bool:
    """Tell whether nobody can judge a value, since it is a code and what it stands for is not told.

    Types and offences are codes. In any other field, a value with fewer than two letters is one.
    """
    return not _in_words(meaning) and (field in _OF_CODES or not _in_words(value))


def _in_words(text: str) -> bool:
    return sum(map(str.isalpha, normal(text))) >= _FEWEST_LETTERS
