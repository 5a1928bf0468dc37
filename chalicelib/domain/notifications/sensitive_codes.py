"""Codes of the safety floor, which are the same in every language. Its words are in chalicelib/words/phrases."""

import re

OFFENSE = re.compile(r"09[ABC]|100|11[ABCD]|13[ABCD]|36[0AB]|370|40[ABC]|52[0126]|64[AB]|90[FI]")
"""NIBRS offence codes: FBI, National Incident-Based Reporting System user manual."""

_CODES = (
    r"166|187|203|205|207|209|236|24[01235]|246|247|26[1246]|27[0238]|2735|28[5689]|314|368|417|422|5150|646|6469|647\(?[AF]\)?|"
    r"647\.6|1144|1146|2736|12020|653M"
)
BARE_CODE = re.compile(
    r"10-?(?:16|32|54|55|56A|65|79|96)[A-Z]?|11-?(?:44|46)|1013|415(?:F[A-Z]{0,2}|DV?)|914[SD]|918[A-Z]?|920[AJ]?|927D|601"
)
"""Radio and station codes of many US agencies: domestic or family trouble, a person with a gun, a body, the coroner,
suicide, missing, mental. Elsewhere they mean something else, so they count only where no description is beside them."""

NCIC = re.compile(r"(?:09|10|11|13|36|37|38|40|52)\d\d")
"""Uniform offence classes of the NCIC operating manual: homicide, kidnapping, sexual assault, assault, sex offences,
obscenity, family offences, commercial sex, weapons."""

PENAL_CODE = re.compile(rf"[A-Z]{{0,3}}({_CODES})([A-Z]{{0,3}}|[.(][0-9A-Z.()]*)")
"""California penal and welfare codes that dispatchers use as types without a word beside them.

A few letters may stand before one (AU245, PC187) and after it (242R), or its paragraph (273.5, 243(e)(1)).
"""


def sensitive_code(text: str, *, offense: bool = False, bare: bool = False) -> str | None:
    """Return the first sensitive code in a text that is a code, or a few; `bare` if nothing says what it means."""
    for token in re.split(r"[^A-Z0-9.()-]+", text.upper()):
        if bare and BARE_CODE.fullmatch(token):
            return token
        for part in token.split("-"):
            if PENAL_CODE.fullmatch(part) or (offense and (OFFENSE.fullmatch(part) or NCIC.fullmatch(part))):
                return part
    return None
