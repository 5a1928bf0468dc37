"""Read the answer in a texted reply: digits, number words, ratings and refusals.

A mark must be said, not guessed. A number that counts something, two numbers, or a word that is good on one scale
and middling on another is not clear: the person is asked again. Replies are read in English, Spanish and the language
of the question.
"""

import re
from collections.abc import Iterator

from chalicelib.domain.language import Language
from chalicelib.domain.settings.questions import SCALE, Mark, Question, Unread
from chalicelib.domain.surveys.read_marks import LONGEST, denied, only_words, rating, said_plainly, tokens_of
from chalicelib.domain.surveys.reply_words import ReplyWords, reply_words

_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted|removed|me gust[oó]|le encant[oó])\s"
    r".{0,20}[“\"«]",
    re.IGNORECASE,
)
"""The text that an iPhone's tap on our question sends: the question itself, in quotation marks."""


def read_mark(text: str, question: Question, language: Language) -> Mark | Unread:
    """Return the answer in a reply: a mark, a choice's id, `yes` or `no`, or words; else why there is none."""
    said = said_plainly(text)
    plain = only_words(said)
    of = reply_words(language)
    if _REACTION.match(text):
        return Unread.UNCLEAR
    match question.kind:
        case "yes_no":
            return _yes_or_no(_thumbs(text), said, of)
        case "choice":
            return _choice(said, plain, question, of)
        case "text":
            return Unread.NO_MORE if of.nothing.fullmatch(plain) or of.refusal.fullmatch(plain) else text.strip()
    if of.refusal.fullmatch(plain):
        return Unread.NO_MORE
    ends = _labelled(plain, question, whole=False)
    return _labelled(plain, question, whole=True) or rating(said, of) or ends or Unread.UNCLEAR


def remark(text: str, language: Language | None = None) -> str:
    """Return the words of a reply beside its mark: all of it, or "" where it is only politeness."""
    of = reply_words(language)
    words = [token.text for token in tokens_of(said_plainly(text), of) if token.text.isalpha() or "'" in token.text]
    own = [word for word in words if word not in of.filler and word not in of.marks and word not in of.numbers]
    return text.strip()[:LONGEST] if own and not of.level.fullmatch(" ".join(words)) else ""


def _thumbs(text: str) -> str:
    return "yes" if "\N{THUMBS UP SIGN}" in text else "no" if "\N{THUMBS DOWN SIGN}" in text else ""


def _labelled(plain: str, question: Question, whole: bool) -> Mark | None:
    """Return the mark whose label is all that a reply says; `whole` asks scales that have a label for each mark."""
    found = {
        mark
        for labels in question.labels.values()
        if (len(labels) == len(SCALE)) is whole
        for mark, label in zip(SCALE if whole else (SCALE[0], SCALE[-1]), labels, strict=True)
        if only_words(said_plainly(label)) == plain
    }
    return found.pop() if len(found) == 1 else None


# Yes or no, choices


def _yes_or_no(thumbs: str, said: str, of: ReplyWords) -> Mark | Unread:
    """Return what a reply to a yes-or-no question begins with, if it does not go on to say the opposite."""
    plain = only_words(said)
    if thumbs and not plain:
        return thumbs
    if of.unsure.fullmatch(plain):
        return Unread.UNCLEAR
    first, _, rest = (only_words(part) for part in re.split(r"([.,;:!?\n-])", said + ".", maxsplit=1))
    for answer, pattern, opposite in (("no", of.no, of.yes), ("yes", of.yes, of.no)):
        match = pattern.match(plain)
        whole = pattern.fullmatch(of.politeness.sub("", plain)) or pattern.fullmatch(of.politeness.sub("", first))
        if whole or (answer == "yes" and match and plain[match.end() :].startswith(" ")):
            said_too = rest.split()[:1] if whole else plain.split()[1:]
            contradicted = any(opposite.fullmatch(word) or (answer == "yes" and word in of.denied) for word in said_too)
            return Unread.UNCLEAR if contradicted else answer
    return Unread.NO_MORE if of.refusal.fullmatch(plain) else Unread.UNCLEAR


def _choice(said: str, plain: str, question: Question, of: ReplyWords) -> Mark | Unread:
    """Return the choice that a reply names by its number, its letter, or the one label that is in it."""
    ids = [choice.id for choice in question.choices]
    tokens = [token for token in tokens_of(said, of) if token.text.isalnum()]
    if of.refusal.fullmatch(plain) and not any(plain == label for label, _ in _choice_labels(question)):
        return Unread.NO_MORE
    named = {mark for label, mark in _choice_labels(question) if re.search(rf"\b{re.escape(label)}\b", plain)}
    if len(named) == 1 and not denied(tokens, of):
        return named.pop()
    numbers = {token.number for token in tokens if token.number is not None}
    others = any(token.number is None and token.text not in of.filler for token in tokens)
    if len(numbers) == 1 and not others and not named and 1 <= (number := numbers.pop() or 0) <= len(ids):
        return ids[number - 1]
    letter = plain if len(plain) == 1 and plain.isalpha() else ""
    place = ord(letter) - ord("a") if letter else len(ids)
    return ids[place] if place < len(ids) else Unread.UNCLEAR


def _choice_labels(question: Question) -> Iterator[tuple[str, str]]:
    for choice in question.choices:
        yield from ((only_words(said_plainly(label)), choice.id) for label in choice.text.values())
