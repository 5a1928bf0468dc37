"""Phones and email addresses as dispatch systems write them."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from msgspec import Struct

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
"""What SES takes: ASCII, no quoted names."""


_TEXTABLE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
}


_PSEUDO = re.compile(r"(\+?1)?911\d{7}")


_SHORTEST_NUMBER = 7
_OWN = 10
_WRITTEN = re.compile(r"[\d\s().+/-]+")
_PIECE = re.compile(r"\+?\d[\d\s().-]*")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_LETTER_FOR_DIGIT = re.compile(r"(?<=[\d\s().-])[OoIl](?=[\d\s().-]?\d)|(?<=\d)[OoIl](?!\w)")
_BETWEEN = re.compile(r"(?:(?!\+)[\W_])+")
_LENGTHS = (_OWN, _OWN + 1, _OWN + 2)
"""Digits of a number alone, with its country's 1, and with a plus too: what stands behind is an extension."""


class PhoneProblem(StrEnum):
    """Why a phone can't be texted."""

    BLANK = "phone_blank"
    REDACTED = "phone_redacted"
    PSEUDO_911 = "phone_pseudo_911"
    EXTENSION = "phone_extension"
    DESK_LINE = "phone_desk_line"
    INVALID = "phone_invalid"
    NOT_MOBILE = "phone_not_mobile"


class Phone(Struct, frozen=True, omit_defaults=True):
    """A phone as the dispatch system gave it, cleaned: a number in E.164, or why it can't be texted."""

    number: str | None = None
    problem: PhoneProblem | None = None


@lru_cache(maxsize=1024)  # each update of an incident repeats its phones, and the library takes 35 µs for one
def clean_phone(text: str, country: str) -> Phone:
    """Read a phone in any of the formats that dispatchers type.

    A call-back number in area code 911 is a handset without service. A number with an extension, or one too
    short to be dialled from outside, is somebody's desk. Neither is ever texted.
    """
    digits = re.sub(r"[^\d+]", "", text)
    if not text.strip():
        return Phone(problem=PhoneProblem.BLANK)
    if not digits:
        return Phone(problem=PhoneProblem.REDACTED)
    if _PSEUDO.fullmatch(digits):
        return Phone(problem=PhoneProblem.PSEUDO_911)
    if len(digits) < _SHORTEST_NUMBER:
        return Phone(problem=PhoneProblem.DESK_LINE)
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return Phone(problem=PhoneProblem.INVALID)
    # The library dials letters: it reads P26CFS0001 as a number, and that could be a stranger's.
    if str(number.national_number) not in phonenumbers.normalize_digits_only(text):
        return Phone(problem=PhoneProblem.INVALID)
    return _judge(number)


def _judge(number: phonenumbers.PhoneNumber) -> Phone:
    if number.extension:
        return Phone(problem=PhoneProblem.EXTENSION)
    if not phonenumbers.is_valid_number(number):
        return Phone(problem=PhoneProblem.INVALID)
    if phonenumbers.number_type(number) not in _TEXTABLE:
        return Phone(problem=PhoneProblem.NOT_MOBILE)
    return Phone(number=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def readable_numbers(text: str, country: str) -> frozenset[str]:
    """Return every number that can be read in a text, in E.164: with an extension, a remark or another number beside.

    They are for what must reach a person: a silence, an unsafe word, a legal hold. Too many of them do no harm, so each
    way of reading the text counts: behind a foreign prefix too, and with the area code at the end. Nobody is texted at
    a number that only this finds.
    """
    readings = dict.fromkeys((text, _typed_over(text)))
    return frozenset[str]().union(*(_numbers_in(reading, country) for reading in readings))


def _typed_over(text: str) -> str:
    """Return a text in plain digits, with one blank for whatever separates them, and no letters typed for digits."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    plain = _LETTER_FOR_DIGIT.sub(lambda found: "0" if found[0] in "Oo" else "1", plain)
    return _BETWEEN.sub(" ", plain)


def _numbers_in(text: str, country: str) -> frozenset[str]:
    pieces = _PIECE.findall(text)
    runs = [re.sub(r"[^\d+]", "", piece) for piece in pieces]
    runs += [run.lstrip("0") for run in runs if run.startswith("00")]
    parts = [run[:length] for run in runs for length in _LENGTHS if len(run) >= length]
    parts += [run[start : start + _OWN] for run in runs for start in range(0, len(run) - _OWN + 1, _OWN)]
    parts += [run[-_OWN:] for run in runs if len(run) > _OWN]
    parts += [run[_SHORTEST_NUMBER:] + run[:_SHORTEST_NUMBER] for run in runs if len(run) == _OWN]
    area = next((run[-_OWN:-_SHORTEST_NUMBER] for run in runs if len(run) >= _OWN), "")
    local = [area + run for run in runs if area and len(run) == _SHORTEST_NUMBER]
    return frozenset(filter(None, (_valid(piece, country) for piece in (text, *pieces, *runs, *parts, *local))))


def _valid(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).partition(";")[0]


def as_dialled(text: str, country: str) -> str:
    """Return a phone in E.164, however somebody of the agency wrote it; what is none stays as it is."""
    if not _WRITTEN.fullmatch(text) or len(re.sub(r"\D", "", text)) < _SHORTEST_NUMBER:
        return text
    return _valid(text, country) or text


def spoken_number(number: str) -> str:
    """Return a number in E.164 as people at home write it; a short code as it is."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def readable_emails(text: str) -> frozenset[str]:
    """Return every email that can be read in a text, with a remark or another one beside."""
    words = re.split(r"[\s,;:<>()\[\]\"]+", text.lower())
    return frozenset(filter(None, map(clean_email, words)))


def clean_email(text: str) -> str | None:
    """Return the address in lower case, or None where it is none that could be delivered to."""
    address = text.strip().lower()
    return address if _EMAIL.fullmatch(address) else None
