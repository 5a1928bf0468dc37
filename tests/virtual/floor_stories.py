"""Settings and stories for the floor: whatever a file may say, whatever comes in, in whatever order."""

from hypothesis import strategies as st

from chalicelib.domain.names import Kind

# What the floor's own words make of each: the oracle's list, written by hand.
SENSITIVE, GUARDED, DULL = "sensitive", "guarded", "dull"
CODES = {
    "NOISE": DULL, "THEFT": DULL, "PARK-DW": DULL, "S1": DULL, "NEWCODE": DULL, "WELFARE": DULL,
    "DV": SENSITIVE, "CHILD-SEAT": SENSITIVE, "ASSAULT": SENSITIVE, "245": SENSITIVE, "OPEN LINE": GUARDED,
}  # fmt: skip
WORDS = {
    "Loud music": DULL, "Parked car": DULL, "Cold report, no injuries": DULL, "In progress": GUARDED,
    "Caller is bleeding": GUARDED, "Domestic violence": SENSITIVE, "Pelea con navaja": SENSITIVE,
    "Man with a gun": SENSITIVE, "Niña sola": SENSITIVE, "Custody exchange": SENSITIVE,
}  # fmt: skip
OFFENSES = {"23F": DULL, "13A": SENSITIVE, "11A": SENSITIVE}
NATURE = CODES | WORDS | OFFENSES
PATTERNS = ("NOISE", "PARK*", "S?", "NEW*", "*", "WELFARE", "DV")
PHONES = tuple(f"+1303555012{number}" for number in range(5))
EMAILS = ("pat@people.example", "sam@people.example")
NUMBERS = ("P26-1", "P26-2", "P26-3")

several = st.sampled_from


def subsets(items, **limits):
    return st.lists(several(items), unique=True, **limits)


def chosen(**fields):
    return st.fixed_dictionaries({}, optional=fields)


kinds = subsets([kind.value for kind in Kind])
durations = several(["0s", "1m", "10m", "30m", "2h", "18h", "7d", "30d", "90d"])
modes = several(["live", "live", "live", "shadow"])
delays = chosen(
    after=st.lists(several(["0s", "5m", "30m", "45m"]), min_size=1, max_size=3),
    anchor=several(["received_at", "queued_at", "dispatched_at"]),
)
holds = chosen(hold=several(["0s", "1m", "5m"]))
own_words = several(["{{ agency }}: {{ incident_number }}.", "{{ officer }} is coming.", "Hello"]).map(
    lambda text: {"en": {"sms": {"acknowledgment": text, "outcome": {"handled": text}}}}
)
by_priority = st.dictionaries(several(["2", "3"]), chosen(notify=kinds, acknowledgment=holds, delay=delays), max_size=1)
everything = [kind.value for kind in Kind]
types = st.lists(
    st.fixed_dictionaries(
        {"codes": st.lists(several([*CODES, *PATTERNS]), min_size=1, max_size=3), "description": st.just("A type")},
        optional={
            "notify": several([everything, everything, everything, ["acknowledgment", "delay"], []]),
            "case_number_to": several(["victim", "caller"]),
            "override_sensitive": st.booleans(),
            "mode": modes,
            "acknowledgment": holds,
            "delay": delays,
            "priorities": by_priority,
            "words": own_words,
        },
    ),
    max_size=5,
)
hours = several(["00:00:00", "06:30:00", "08:00:00", "11:00:00", "20:00:00", "23:00:00"])
windows = st.fixed_dictionaries({"start": hours, "end": hours})
patterns = subsets([*CODES, *PATTERNS], max_size=2)
optional = {
    "languages": st.just(["es"]),
    "channels": several([["sms", "email"], ["email", "sms"], ["sms"], ["email"]]),
    "shadow_kinds": subsets(everything, max_size=2),
    "cities": st.lists(
        st.fixed_dictionaries(
            {"beats": several([["6*"], ["712"]]), "name": st.just("Town"), "short_name": st.just("Town PD")},
            optional={"mode": modes, "incident_types": types, "delay": delays, "acknowledgment": holds},
        ),
        max_size=2,
    ),
    "code_list": st.dictionaries(several(list(CODES)), several(list(WORDS)), max_size=3),
    "sensitive_types": patterns,
    "never_types": patterns,
    "after_close_types": patterns,
    "highest_priorities": subsets(["1", "2", "3"]),
    "priorities": by_priority,
    "institutional_numbers": subsets(PHONES, max_size=1),
    "acknowledgment": holds,
    "delay": delays,
    "hours": st.dictionaries(several(everything), windows, max_size=3),
    "caps": chosen(per_person_and_day=st.integers(0, 3), per_incident=st.integers(0, 3), survey_every=durations),
    "words": own_words,
    "silence": durations,
    "mass_call": st.integers(2, 5),
}
HARMLESS = tuple(word for word, what in WORDS.items() if what != SENSITIVE)
"""A bare code is sensitive where one of its meanings is, so codes mean nothing sensitive here by themselves."""
TYPED = [(code, meaning) for code in CODES for meaning in (f"Means {code}", *HARMLESS)]
VOCABULARY = [
    *({"field": "incident_type", "value": code, "meaning": meaning} for code, meaning in TYPED),
    *({"field": "incident_type", "value": word, "meaning": word} for word in WORDS),
    *({"field": "type_modifier", "value": word} for word in WORDS),
    *({"field": "offenses", "value": code, "meaning": f"Means {code}"} for code in OFFENSES),
]
VERDICTS = ("dull", "after_close", "welfare", "never", "sensitive")
vocabularies = st.builds(
    lambda verdicts, missing: {
        "entries": [
            {**entry, "verdicts": [verdicts.get(place, "dull")], "judged_by": ["Supervisor Ruiz", "Advocate Okafor"]}
            for place, entry in enumerate(VOCABULARY)
            if place not in missing
        ]
    },
    verdicts=st.dictionaries(st.integers(0, len(VOCABULARY) - 1), several(VERDICTS), max_size=8),
    missing=several([(), (), *[(place,) for place in range(len(VOCABULARY))], range(30), range(1, 200)]),
)
survey = chosen(after=several(["0s", "1h", "18h"]), window=several(["1h", "7d"]), outcomes=st.just(["handled"]))
agencies = st.builds(
    lambda zone, mode, survey, types, judgements, more: {
        "agency_id": "springfield",
        "name": "Springfield Police Department",
        "short_name": "Springfield PD",
        "time_zone": zone,
        "mode": mode,
        "numbers": {
            "non_emergency": "303-555-0100",
            "sms_from": "+13035550199",
            "email_from": "no-reply@springfield.example",
        },
        "survey": {"link": "https://tell.springfield.example/s", **survey},
        "dispositions": {"HAN": "handled", "RPT": "report_taken", "GOA": "unable_to_locate", "CAN": "cancelled"},
        "incident_types": _valid_types(types),
        "judgements": judgements,
        **more,
        **({"cities": [_valid_city(city) for city in more["cities"]]} if "cities" in more else {}),
    },
    zone=several(["America/Denver", "America/Los_Angeles", "UTC"]),
    mode=several(["live"] * 9 + ["shadow"]),
    survey=survey,
    types=types,
    judgements=vocabularies,
    more=st.fixed_dictionaries({}, optional=optional),
)


USUAL = {"codes": ["NOISE"], "description": "Noise", "notify": everything, "case_number_to": "caller"}


def _valid_types(rules):
    """Return types of which each code is listed once, and none is a pattern that is overridden."""
    seen, valid = set(), [USUAL]
    for rule in rules:
        codes = [code for code in dict.fromkeys(rule["codes"]) if code not in seen | {"NOISE"}]
        seen |= set(codes)
        named = not any("*" in code or "?" in code for code in codes)
        valid += [{**rule, "codes": codes, "override_sensitive": named and rule.get("override_sensitive", False)}]
    return [rule for rule in valid if rule["codes"]]


def _valid_city(city):
    return {**city, "incident_types": _valid_types(city["incident_types"])} if "incident_types" in city else city


def told(name, *values):
    return [{name: value} for value in values]


def party(party_id, **fields):
    return {"reporting_parties": [{"party_id": party_id, **fields}]}


MINUTES = {"received_at": (-2, 0, 0), "queued_at": (0,), "dispatched_at": (0, 3), "arrived_at": (0, 4, None)}
MINUTES |= {"closed_at": (0, 1, None), "cancelled_at": (0, None), "scheduled_for": (90, None)}
FRAGMENTS = [
    *told("incident_type", *["NOISE"] * 8, *CODES, None),
    *told("incident_type_description", "Loud music", "Parked car", *WORDS),
    *told("type_modifier", "Cold report, no injuries", "In progress", "Domestic violence"),
    *told("initial_type", "NOISE", "ASSAULT", "Man with a gun"),
    *told("offenses", ["23F"], ["23F", "13A"], ["11A"]),
    *told("priority", "3", "2", "1"),
    *told("beat", "612", "712", None),
    *told("origin", "911", "officer_initiated"),
    *told("exercise", True, False),
    *told("juvenile", True, False),
    *told("do_not_contact", True, False),
    *told("transferred_to", "county-so", None, None),
    *told("response_mode", "phone", "in_person"),
    *told("dispositions", ["HAN"], ["RPT"], ["GOA", "CAN"], ["???"]),
    *told("case_numbers", ["26-1"], ["26-1", "26-2"]),
    *told("linked_to", None, *[{"incident_number": number, "relation": "duplicate_of"} for number in NUMBERS]),
    *[{name: ("minutes", value)} for name, values in MINUTES.items() for value in values],
    *[party(name, phone=phone) for name in "123" for phone in PHONES],
    *[party(name, email=email) for name in "12" for email in EMAILS],
    *[party(name, role=role) for name in "12" for role in ("victim", "witness", "caller")],
    party("1", contact_kind="alarm"),
    party("1", contact_kind="personal"),
    party("1", safe_to_contact=False),
    party("2", safe_to_contact=False),
    party("2", safe_to_contact=True),
    {"priority": 7},  # not a text: the update is rejected, but what it says of danger holds
]
CALL = {"incident_type": "NOISE", "received_at": ("minutes", 0), "priority": "3"}
BEATS = [{}, *told("beat", "612", "712")]
SENT = {"dispatched_at": ("minutes", 0), "queued_at": ("minutes", 0)}
THERE = {"arrived_at": ("minutes", 0)}
VIOLENT = {"type_modifier": "Domestic violence"}
OVER = {"closed_at": ("minutes", 0), "dispositions": ["HAN"], "case_numbers": ["26-1"]}
updates = st.tuples(
    st.just("update"),
    several([*NUMBERS, *["P26-1"] * 3]),
    several([-30, -1, 0, 0, 0, 0, 2, 9]),
    st.lists(several(FRAGMENTS), max_size=4),
)
callers = st.tuples(
    several("12"), several(PHONES), several(["caller", "victim"]), several([{}, {}, *told("email", *EMAILS)])
)
callers = callers.map(lambda who: party(who[0], phone=who[1], role=who[2], **who[3]))
calls = st.tuples(
    st.just("update"),
    several(NUMBERS),
    st.just(0),
    st.tuples(st.just(CALL), callers, several(BEATS), several([{}, {}, {}, *FRAGMENTS])).map(list),
)
turns = st.tuples(
    st.just("update"),
    several(NUMBERS),
    st.just(0),
    several([[SENT], [THERE], [THERE, OVER], [THERE, OVER], [OVER], [VIOLENT]]),
)
PAUSES = [("agency", ""), *[("incident", "P26-1"), ("type", "N*"), ("beat", "6*"), ("kind", "delay")]]
events = st.one_of(
    calls,
    calls,
    turns,
    turns,
    updates,
    updates,
    st.tuples(st.just("reply"), several(PHONES), several(["STOP", "STOP", "start", "yes", "thanks"])),
    st.tuples(several(["pause", "pause", "resume"]), several(PAUSES)),
    st.tuples(st.just("feed"), st.booleans()),
)
stories = st.lists(st.tuples(several([0, 0, 1, 2, 20, 31, 60, 700, 1440]), events), min_size=2, max_size=10)
STARTS = ("2026-11-21 10:30", "2026-11-21 19:45", "2026-11-21 23:50", "2026-10-31 15:00", "2026-03-07 14:30")
