"""Damage that texts suffer between systems: escapes, wrong encodings, invisible characters.

Damage that leaves the letters known is undone here. A letter that is lost stays lost: `text.readable` says so.
"""

import re
import sys
import unicodedata
from functools import cache

_LAYERS = 3
"""A text may have been escaped, or read in a wrong encoding, so many times over."""

# Escapes

_NAMES = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " ", "ndash": "-", "mdash": "-", "bull": "-",
    "middot": "-", "hellip": "-", "lsquo": "'", "rsquo": "'", "ldquo": '"', "rdquo": '"', "shy": "", "szlig": "ss",
    "iexcl": " ", "iquest": " ", "ordf": "a", "ordm": "o", "aelig": "ae", "oslash": "o", "thinsp": " ", "ensp": " ",
}  # fmt: skip
_ENTITY = re.compile(
    rf"&(?:#(?P<number>\d{{1,6}})|#[xX](?P<hex>[0-9A-Fa-f]{{1,5}})|(?P<name>{'|'.join(_NAMES)})"
    r"|(?P<letter>[A-Za-z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron|slash));?",
    re.IGNORECASE,
)
"""Character references, as XML 1.0 (4.1) and the Latin-1 entity set write them; the letter stays, its accent goes."""

_NUMBERED = re.compile(r"(?:\\u|%u)([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|_x([0-9A-Fa-f]{4})_")
"""Escapes of JSON and of scripts, and those of names in XML (`_x0020_`)."""

_PERCENT = re.compile(
    r"(?P<wide>(?:[%=][C-Fc-f][0-9A-Fa-f](?:[%=][89ABab][0-9A-Fa-f])+)+)"
    r"|(?<![0-9])(?P<run>(?:%(?:[2-6][0-9A-Fa-f]|7[0-9A-Ea-e]))+)"
    r"|[%=](?P<sign>20|0[9AaDd]|3[Dd])|%(?P<mark>2[0-9A-Fa-f]|3[AaBbCcEeFf]|5[BbCcDdFf])"
    r"|(?<=[A-Za-z])%(?P<letter>[C-Fc-f][0-9A-Fa-f])"
)
"""Bytes as percent-encoding (RFC 3986) and quoted-printable (RFC 2045) write them."""

_LOOKS = r"\s+(?:style|color|size|face|align|dir)\s*=\s*(?:\"[\w#:;. -]{0,60}\"|'[\w#:;. -]{0,60}'|[\w#-]{1,20})"
_MARKUP = re.compile(
    r"</?(?:b|big|body|br|center|code|div|em|font|h[1-6]|head|hr|i|li|ol|p|pre|small|span|strong|su[bp]|t[dhrt]"
    rf"|table|tbody|thead|u|ul)(?:{_LOOKS}){{0,4}}\s{{0,4}}/?>",
    re.IGNORECASE,
)
"""Tags that only say how a text looks. Anything else between such signs may be a word of dispatch's."""


def _entity(found: re.Match[str]) -> str:
    if found["name"]:
        return _NAMES[found["name"].lower()]
    return found["letter"] or _character(int(found["number"] or found["hex"], 10 if found["number"] else 16))


def _numbered(found: re.Match[str]) -> str:
    return _character(int(found[1] or found[2] or found[3], 16))


def _character(number: int) -> str:
    return chr(number) if 0 < number <= sys.maxunicode else "\ufffd"


def _percent(found: re.Match[str]) -> str:
    if found["wide"]:
        return bytes.fromhex(re.sub("[%=]", "", found["wide"])).decode("utf-8", "replace")
    if found["run"]:
        return bytes.fromhex(found["run"].replace("%", "")).decode("ascii")
    return chr(int(found["sign"] or found["mark"] or found["letter"], 16))


# Wrong encodings

_READ_AS = (("cp1252", "latin-1"), ("cp437", "cp850"), ("mac_roman",))
"""Encodings of Windows, DOS and the Macintosh in which UTF-8 is read by mistake."""

_HIGH = [bytes([value]) for value in range(0x80, 0x100)]


def _undo_mojibake(text: str, encodings: tuple[str, ...]) -> str:
    pattern, table = _mojibake(encodings)
    return pattern.sub(lambda found: bytes(table[each] for each in found[0]).decode("utf-8", "replace"), text)


@cache
def _mojibake(encodings: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, int]]:
    """Return what finds UTF-8 that was read in an encoding, and the byte that each character was.

    It is made when it is first needed: loading the encodings takes 15 ms, which no function pays at its start.
    """
    table: dict[str, int] = {}
    for encoding in encodings:
        for byte in _HIGH:
            table.setdefault(byte.decode(encoding, "replace"), byte[0])
    table.pop("\ufffd", None)
    more = _of(table, 0x80, 0xBF)
    led = ((0xC2, 0xC5, 1), (0xE2, 0xE2, 2), (0xF0, 0xF0, 3))
    return re.compile("|".join(f"{_of(table, low, high)}{more}{{{size}}}" for low, high, size in led)), table


def _of(table: dict[str, int], low: int, high: int) -> str:
    return "[" + "".join(re.escape(each) for each, byte in table.items() if low <= byte <= high) + "]"


_LOWERED = re.compile("([ãâ])([\u0080-\u00bf\u0161\u017e\u0153\u201a-\u203a])(?![\u0080-\u00bf])")
"""UTF-8 that was read as windows-1252 and then put into lower case."""

_DOS = {"¡": "i", "¢": "o", "£": "u", "¤": "n", "¥": "N", "\u201a": "e", "\x81": "u", "\x82": "e"}
"""Letters of code page 850 as windows-1252 shows them."""

_DOS_LETTER = re.compile(f"(?<=[A-Za-z])[{''.join(_DOS)}](?=[A-Za-z])")


def _raised(found: re.Match[str]) -> str:
    return {"ã": "Ã", "â": "Â"}[found[1]] + found[2]


# All of it

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_C1 = re.compile("[\x80-\x9f]")
_MAY_NEED_REPAIR = re.compile("[^ -~\t\n]|[%&\\\\=<]|_x")


def repaired(text: str) -> str:
    """Return a text with escapes and mojibake undone and invisible characters taken out, in composed letters."""
    if not _MAY_NEED_REPAIR.search(text):
        return text
    for _ in range(_LAYERS):
        before, text = text, _once(text)
        if before == text:
            break
    text = _C1.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "ignore") or found[0], text)
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def _once(text: str) -> str:
    text = _MARKUP.sub(" ", _ENTITY.sub(_entity, text))
    text = _PERCENT.sub(_percent, _NUMBERED.sub(_numbered, text))
    if text.isascii():
        return text
    text = _LOWERED.sub(_raised, text)
    for encodings in _READ_AS:
        text = _undo_mojibake(text, encodings)
    return _DOS_LETTER.sub(lambda found: _DOS[found[0]], text)
