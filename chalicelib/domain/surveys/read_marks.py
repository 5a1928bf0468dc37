"""Read a mark from 1 to 5 in a texted reply: digits, number words and ratings.

A mark must be said, not guessed. A number that counts something, two numbers, or contradicting words give no mark.
"""

import re
import unicodedata

from msgspec import Struct

from chalicelib.domain.said import APOSTROPHES
from chalicelib.domain.surveys.reply_words import ReplyWords

LONGEST = 1600
"""Characters of a reply that are read: ten texts."""

_SIGNATURE = re.compile(r"\n\s*(?:sent|enviado|get outlook|obtener outlook)\b.*", re.IGNORECASE | re.DOTALL)
_STARS = re.compile("[⭐🌟★✭✰☆]")
_SHARE = re.compile(r"(?<![\d.])([1-5]) ?(?:/|out of|of|over|de|sobre|de un total de) ?5(?![\d/.])")
_OF_SCALE = re.compile(r"(?<=[1-5])[.,]0\b|\b(?:(?:scale|escala) )?(?:of|from|de|del) 1 ?(?:to|al?|-) ?5\b")
"""Words that name the scale, not a mark on it."""

_ALL = re.compile(r"(?<!\d)(?:10 ?(?:/|out of|of|de|sobre) ?10|100 ?(?:/ ?100|%))(?!\d)")
_TOKENS = re.compile(r"(?<![\w )])-\d+|\d+(?:[.,:/-]\d+)+|\d+[a-z]+|[a-z]+\d\w*|[$#]\s?\d+|\d+%?|[a-z']+|[^\w\s]|\n")
_BREAK = frozenset(".,;:!?)]}\"'*+\n-=")
_NEAR = 4
"""The number of words behind a mark that may contradict it."""


class Token(Struct, frozen=True):
    """A word, a number or a mark of punctuation."""

    text: str
    number: int | None = None


def said_plainly(text: str) -> str:
    """Return a reply in lower case without accents, other scripts' digits as ours, stars counted, no signature."""
    text = _SIGNATURE.sub("", text[:LONGEST])
    stars = len(_STARS.findall(text))
    text = _STARS.sub("", text)
    text = text if any(map(str.isalnum, text)) or not stars else str(stars)
    text = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    digits = (str(unicodedata.digit(one)) if one.isdigit() else one for one in text)
    bare = "".join(digits).encode("ascii", "ignore").decode().lower()
    return _OF_SCALE.sub(" ", re.sub(r"[^\S\n]+", " ", bare)).strip()


def only_words(said: str) -> str:
    """Return a reply without its punctuation."""
    return re.sub(r"[^a-z0-9]+", " ", said).strip()


def rating(said: str, of: ReplyWords) -> int | None:
    """Return the mark of 1 to 5 that a reply names by a number or in words, if they agree."""
    number, words = _number(said, of), _in_words(said, of)
    if number is None:
        tokens = tokens_of(said, of)
        named = {token.number for token in tokens if token.number or any(map(str.isdigit, token.text))}
        return words if named <= {words} else None
    return number if words in (None, number) else None


def _number(said: str, of: ReplyWords) -> int | None:
    """Return the one mark that is named as a number and counts nothing."""
    tokens = tokens_of(said, of)
    numbers = _numbers(tokens)
    marks = [place for place in numbers if _is_mark(tokens, place, of)]
    values = {tokens[place].number for place in marks}
    if len(values) != 1 or of.best.search(only_words(said)) or denied(tokens[: marks[0]], of):
        return None
    first = marks[0]
    leads = all(token.text in of.filler or not token.text.isalpha() for token in tokens[:first])
    alone = all(token.text in of.filler for token in tokens if token.text.isalpha() and token.number is None)
    others = len(numbers) > len(marks)
    stands = (leads and _ends(tokens, first, of)) or ((alone or _last_clause(tokens, first, of)) and not others)
    value = tokens[first].number
    return value if stands and not _contradicted(value or 0, tokens[first + 1 :], of) else None


def tokens_of(said: str, of: ReplyWords) -> list[Token]:
    """Return the words, numbers and marks of a reply; `4 out of 5` is one number."""
    said = _ALL.sub(" 5 ", said)
    words = [Token(word, _value(word, of)) for word in _TOKENS.findall(said)]
    spelled = " ".join(token.text if token.number is None else str(token.number) for token in words)
    if _SHARE.search(spelled):
        words = [Token(word, _value(word, of)) for word in _TOKENS.findall(_SHARE.sub(r"\1 ", spelled))]
    return words


def _value(word: str, of: ReplyWords) -> int | None:
    if word.isdigit():
        return int(word[:9])
    return of.numbers.get(word)


def _numbers(tokens: list[Token]) -> list[int]:
    """Return the positions of tokens with a digit, or that are number words."""
    return [
        place for place, token in enumerate(tokens) if token.number is not None or any(map(str.isdigit, token.text))
    ]


def _is_mark(tokens: list[Token], place: int, of: ReplyWords) -> bool:
    """Tell whether a number is of the scale, and counts nothing."""
    number = tokens[place].number
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return number is not None and 1 <= number <= 5 and not of.counted.fullmatch(after)  # noqa: PLR2004  the scale


def _ends(tokens: list[Token], place: int, of: ReplyWords) -> bool:
    """Tell whether a mark stands for itself: nothing, a break, or the beginning of a remark comes next."""
    if place + 1 == len(tokens):
        return True
    after, one = tokens[place + 1].text, tokens[place].text in of.pronouns
    return after in _BREAK or after == "(" or (not one and of.follows.fullmatch(after) is not None)


def _last_clause(tokens: list[Token], place: int, of: ReplyWords) -> bool:
    """Tell whether the mark is all that stands behind the last break ("The officer was kind, 5")."""
    before = place - 1
    while before >= 0 and tokens[before].text in of.filler:
        before -= 1
    after = (token.text for token in tokens[place + 1 :])
    return before >= 0 and tokens[before].text in _BREAK and all(word in of.filler or word in _BREAK for word in after)


def denied(tokens: list[Token], of: ReplyWords) -> bool:
    """Tell whether any of the words says no."""
    return any(token.text in of.denied or token.text.endswith("n't") for token in tokens)


def _contradicted(value: int, after: list[Token], of: ReplyWords) -> bool:
    """Tell whether the words behind a mark say the opposite: many take 1 for the best."""
    near = [token.text for token in after if token.text.isalpha() or "'" in token.text][:_NEAR]
    against = of.glad if value <= 2 else of.sore if value >= 4 else None  # noqa: PLR2004  the scale
    if against is None:
        return False
    places = [place for place, word in enumerate(near) if against.fullmatch(word)]
    return any(not of.denied & set(near[max(0, place - 2) : place]) for place in places)


def _in_words(said: str, of: ReplyWords) -> int | None:
    """Return the mark that a rating in words stands for."""
    for clause in (only_words(said), only_words(re.split(r"[.,;:!?\n]", said)[0])):
        if said.endswith("?") or clause.startswith("are you"):
            return None
        if clause in of.marks or (clause := _unwrapped(clause, of)) in of.marks:
            return of.marks[clause]
    return _level(only_words(said), of)


def _unwrapped(clause: str, of: ReplyWords) -> str:
    words = clause.split()
    while words and words[0] in of.leads:
        words.pop(0)
    while words and words[-1] in of.leads:
        words.pop()
    return " ".join(words)


def _level(plain: str, of: ReplyWords) -> int | None:
    """Return the mark of "very satisfied", "do not agree" and their like, if all of them in a reply agree."""
    found = list(of.level.finditer(plain))
    leads = found and all(word in of.leads for word in plain[: found[0].start()].split())
    marks = {_level_mark(match, of) for match in found}
    return marks.pop() if leads and len(marks) == 1 else None


def _level_mark(match: re.Match[str], of: ReplyWords) -> int | None:
    denied, much, none = match["no"], match["much"], match["none"]
    if match["unhappy"]:
        return None if denied else 1 if much else 2
    if denied or none:
        return 1 if none or of.least.search(match[0]) else 2
    return 5 if much else 4
