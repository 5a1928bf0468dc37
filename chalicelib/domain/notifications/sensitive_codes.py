"""Codes of the safety floor, which are the same in every language. Its words are in chalicelib/words/phrases."""

import re

OFFENSE = re.compile(r"09[ABC]|100|11[ABCD]|13[ABCD]|36[0AB]|370|40[ABC]|52[0126]|64[AB]|90[FI]")
"""NIBRS offence codes: FBI, National Incident-Based Reporting System user manual."""

_CODES = (
    r"166|187|203|205|207|209|236|24[01235]|246|247|26[1246]|27[0238]|2735|28[5689]|314|368|417|422|5150|646|6469|647\(?[AF]\)?|"
    r"647\.6|1144|1146"
)
PENAL_CODE = re.compile(rf"[A-Z]{{0,3}}({_CODES})([A-Z]{{0,3}}|[.(][0-9A-Z.()]*)")
"""California penal and welfare codes that dispatchers use as types without a word beside them.

A few letters may stand before one (AU245, PC187) and after it (242R), or its paragraph (273.5, 243(e)(1)).
"""
