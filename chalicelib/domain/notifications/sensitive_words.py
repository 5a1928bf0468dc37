"""The lists behind the safety floor, as patterns over plain words: lower case, no accents, one space between."""

import re

SENSITIVE_WORDS = {
    "domestic violence": (
        r"\d*dv\w*|domest\w*|domdist\w*|domviol\w*|dom (viol|dist|disp|abuse|batt|arg)\w*|intimate partner|batter\w*|"
        r"family (viol|dist|disp|off|abuse)\w*|strang\w*|chok(e|ed|ing)|maltrat\w*|estrangul\w*|violen\w*"
    ),
    "sexual offences": (
        r"sex\w*|rape\w*|raping|rapist\w*|molest\w*|lewd\w*|indecen\w*|obscen\w*|incest\w*|fondl\w*|grop\w*|"
        r"prostit\w*|peeping|porn\w*|voyeur\w*|expos(e|ed|ing|ure)|sodomy|csc|sa kit|violacion|violad\w*|violar\w*"
    ),
    "children and elders": (
        r"abus\w*|child\w*|juvs?|juvenile\w*|teen\w*|infant\w*|baby|newborn|minor in|endanger\w*|neglect\w*|elder\w*|"
        r"runaways?|custod\w*|parental|vulnerable adult|aps|cps|nin[oa]s?|menor(es)?|bebe|adolescente\w*|ancian\w*"
    ),
    "suicide and mental health": (
        r"suic\w*|self ?harm\w*|mental\w*|mh|psych\w*|psiq\w*|crisis|edp|5150\w*|emotionally|baker act|jumper|"
        r"overdos\w*|od|sobredosis|salud mental"
    ),
    "stalking and protective orders": (
        r"stalk\w*|haras\w*|restraining|injunction\w*|(prot|protecti\w*) orders?|orders? (of|for) protection|"
        r"(court|no contact) orders?|tro|rpo|epo|viol(ation)? of order|acos\w*|acech\w*|hostigam\w*|"
        r"orden(es)? de (proteccion|restriccion|alejamiento)"
    ),
    "trafficking and missing people": (
        r"traffick\w*|kidnap\w*|abduct\w*|hostage\w*|missing|amber|false imprison\w*|trata|secuestr\w*|desaparecid\w*|"
        r"extraviad\w*"
    ),
    "death": (
        r"dead|death\w*|deceased|doa|dos|corpse|kill\w*|homicid\w*|murder\w*|manslaughter|fatal\w*|body found|coroner|"
        r"cadaver|asesin\w*|muert\w*|fallecid\w*"
    ),
    "shooting, assault, weapons": (
        r"shoot\w*|shots?|shotspotter|gsw|(hand|shot|machine|stun|pellet|bb|air|toy)?guns?|"
        r"gun(fire|shot|man|men|point)\w*|pistol\w*|rifle\w*|firearms?|weapon\w*|wpns?|armed|kni(fe|ves)\w*|"
        r"stab\w*|cutting|brandish\w*|sniper|active killer|assault\w*|aslt\w*|adw|aggravated|batt|beating\w*|beaten|"
        r"fight\w*|attack\w*|machete\w*|agresion\w*|agredid\w*|asalt\w*|golp\w*|pelea\w*|rina|dispar\w*|tiroteo\w*|bala|"
        r"balas|balac\w*|balaz\w*|balead\w*|armas?|armad\w*|escopet\w*|cuchill\w*|navaj\w*|a?punal\w*"
    ),
}
SENSITIVE = re.compile(rf"\b({'|'.join(SENSITIVE_WORDS.values())})\b")

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

GUARDED_WORDS = {
    "in progress": r"in ?prog\w*|progress|i p|ip|just occurred|jo|active|en (curso|progreso)",
    "medical": (
        r"medic\w*|ambulan\w*|ems|unconscious|unrespons\w*|not breathing|chest pain|seizure\w*|stroke|cpr|bleed\w*|"
        r"paramedic\w*|casualty|person down|down person|man down|collapsed|inconsciente"
    ),
    "hang-up": (
        r"\d*hang ?ups?|\d*hung up|open line|911 ?hu|abandoned (call|911|cell)|911 abandon\w*|ani ali|"
        r"incomplete (phone )?call|silent call|colg\w*"
    ),
    "injury": r"inj|injur\w*|hurt|hit and run|lesion\w*|herid\w*",
}
GUARDED = re.compile(rf"\b({'|'.join(GUARDED_WORDS.values())})\b")

HARMLESS = re.compile(
    r"\b(non?|not|without|w o|sin) ?(inj\w*|lesion\w*|herid\w*)(?! unk)|\buninjured\b|\bno hurt\b|"
    r"\b(not|no longer) in ?prog\w*"
)
"""What says that nobody is hurt, or that it is over: then the words for harm are about what is not so."""

WELFARE = re.compile(
    r"\b(welf\w*|wellness|well being|wellbeing|chk wel\w*|check on|(keep|keeping|preserve|preserving) (the )?peace|"
    r"peace keep\w*|ktp|civil stand ?by|stand ?by|bienestar|mantener la paz)\b"
)
