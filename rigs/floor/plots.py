"""Plots: the stories that were found from outside, each with its names, words and times drawn by chance."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

from msgspec.structs import replace

from rigs.floor.oracle.addresses import EMAILS, NUMBERS, ODD, PHONES, PLAIN
from rigs.floor.oracle.replies import TEXTS
from rigs.floor.oracle.words import CODES, DULL, MODIFIERS, OFFENSES, SENSITIVE
from rigs.floor.settings import EVERYTHING
from rigs.floor.story import Act, Beat, Event, Fields, Free, Hold, Publish, Tell, Text

INCIDENTS = ("P26-1", "P26-2", "P26-3")
NOW = timedelta(0)
DAY = 24 * 60.0
LATE = (-300.0, -100 * 24 * 3600.0)
"""Seconds by which a dispatch system's clock may be behind."""
_GRAVE_CODES = [code for code, (_, nature) in CODES.items() if nature == SENSITIVE]
_GRAVE_WORDS = [word for word, nature in MODIFIERS.items() if nature == SENSITIVE]
_DULL_CODES = [code for code, (_, nature) in CODES.items() if nature == DULL]
_WAITS = (0, 0.5, 2, 6, 20, 31, 33, 62)


def pick(rng: Random, *choices: Any) -> Any:
    """Return one of these."""
    return rng.choice(choices)


def who(rng: Random, party_id: str = "1", phone: str = "") -> Fields:
    """Return a party."""
    party: Fields = {"party_id": party_id, "phone": phone or rng.choice(PLAIN)}
    if rng.random() < 0.2:  # noqa: PLR2004  some have an email
        party["email"] = rng.choice(EMAILS)
    if rng.random() < 0.3:  # noqa: PLR2004  some are said to be something
        party["role"] = pick(rng, "caller", "victim", "victim", "witness")
    if rng.random() < 0.05:  # noqa: PLR2004  a few are no persons
        party["contact_kind"] = pick(rng, "alarm", "hospital", "business", "personal")
    return party


def call(rng: Random, number: str, *people: Fields, **more: Any) -> Tell:
    """Return the first update of a call that may be texted about."""
    code = rng.choice(_DULL_CODES) if rng.random() < 0.25 else "NOISE"  # noqa: PLR2004  most are of the usual type
    fields: Fields = {"incident_type": code, "received_at": NOW, "priority": pick(rng, "3", "3", "3", "2")}
    if rng.random() < 0.4:  # noqa: PLR2004  some come with words
        fields["incident_type_description"] = CODES[code][0]
    if rng.random() < 0.3:  # noqa: PLR2004  some say where
        fields["beat"] = pick(rng, "612", "712")
    if rng.random() < 0.2:  # noqa: PLR2004  some are dispatched at once
        fields |= {"queued_at": NOW, "dispatched_at": NOW}
    return Tell(number, fields | {"reporting_parties": list(people or [who(rng)])} | more)


def grave(rng: Random) -> Fields:
    """Return words for which nobody is texted."""
    told: Fields = pick(
        rng,
        {"type_modifier": rng.choice(_GRAVE_WORDS)},
        {"incident_type": rng.choice(_GRAVE_CODES)},
        {"initial_type": rng.choice(_GRAVE_WORDS)},
        {"offenses": ["23F", pick(rng, "13A", "11A")]},
        {"incident_type": "DISTURB", "type_modifier": "Family"},
        {"juvenile": True},
        {"dispositions": ["DV REPORT"]},
    )
    return told


def rejected(rng: Random) -> Fields:
    """Return an update that is refused, of which something holds all the same."""
    told: Fields = pick(
        rng,
        {"incident_type": 245},
        {"incident_type": ["DV"]},
        {"offenses": "11A"},
        {"juvenile": "Y"},
        {"do_not_contact": "true"},
        {"type_modifier": rng.choice(list(MODIFIERS))},
        {"incident_type": rng.choice(list(CODES))},
        {"arrived_at": NOW},
        {"reporting_parties": [{"party_id": "1", "safe_to_contact": "false"}]},
        {"dispositions": ["DV REPORT"]},
        {"type_modifier": "No such word"},
    )
    return told | {"priority": 7}


def over(rng: Random) -> Fields:
    """Return how an incident ends."""
    told: Fields = {"closed_at": NOW, "dispositions": [pick(rng, "HAN", "HAN", "RPT", "GOA", "CAN", "???")]}
    return told | ({"case_numbers": ["26-1"]} if rng.random() < 0.5 else {})  # noqa: PLR2004  every other one


def wait(rng: Random) -> float:
    """Return some minutes."""
    return float(rng.choice(_WAITS))


def life(rng: Random, number: str = "P26-1", phone: str = "") -> Iterator[Event]:
    """Tell one call from its first ring to its end."""
    yield Event(wait(rng), call(rng, number, who(rng, phone=phone)))
    if rng.random() < 0.5:  # noqa: PLR2004
        yield Event(wait(rng), Tell(number, {"dispatched_at": NOW, "queued_at": NOW}))
    if rng.random() < 0.6:  # noqa: PLR2004
        yield Event(wait(rng), Tell(number, {"arrived_at": NOW}))
    yield Event(wait(rng), Tell(number, over(rng)))


def grave_then_another(rng: Random) -> Iterator[Event]:
    """B1 to B5: a sensitive call, things that must not end its silence, and the next call of the same phone."""
    number = rng.choice(NUMBERS)
    forms = [form for form, read in PHONES.items() if number in read.every]
    first = call(rng, "P26-1", who(rng, phone=rng.choice(forms)))
    if rng.random() < 0.3:  # noqa: PLR2004
        yield Event(0, first)
        other = {"reporting_parties": [{"party_id": "1", "phone": rng.choice(PLAIN)}]}
        yield Event(wait(rng), Tell("P26-1", other))
        yield Event(wait(rng), Tell("P26-1", grave(rng)))
    else:
        yield Event(0, replace(first, fields=first.fields | grave(rng), as_of=pick(rng, 0.0, 0.0, *LATE)))
    for _ in range(rng.randrange(3)):
        yield from lifting(rng)
    yield Event(pick(rng, 1, 30, DAY, 31 * DAY, 91 * DAY), call(rng, "P26-2", who(rng, phone=rng.choice(forms))))
    yield Event(wait(rng), Tell("P26-2", over(rng) | {"arrived_at": NOW}))


def lifting(rng: Random) -> Iterator[Event]:
    """Tell what might end a silence by mistake."""
    drawn = rng.random()
    if drawn < 0.1:  # noqa: PLR2004
        for part in range(4):
            crowd = [{"party_id": f"{part}-{each}", "role": "witness"} for each in range(10)]
            yield Event(0.1, Tell("P26-1", {"reporting_parties": crowd}))
    elif drawn < 0.2:  # noqa: PLR2004
        for part in range(6):
            yield Event(0.1, Tell("P26-1", {"offenses": [f"Q{chr(65 + part)}{chr(65 + each)}Q" for each in range(20)]}))
    elif drawn < 0.4:  # noqa: PLR2004
        yield Event(wait(rng), Publish(rng.random() < 0.7))  # noqa: PLR2004
    else:
        told = pick(
            rng,
            {"incident_type": "NOISE", "incident_type_description": None, "type_modifier": None},
            {"beat": pick(rng, "612", "712", None)},
            {"juvenile": False},
            {"offenses": [], "initial_type": None},
            over(rng),
        )
        yield Event(wait(rng), Tell("P26-1", told))


def unsafe_then_another(rng: Random) -> Iterator[Event]:
    """B2, B3: somebody is unsafe to contact, and calls again."""
    number = rng.choice(NUMBERS)
    forms = [form for form, read in PHONES.items() if number in read.every]
    party = who(rng, phone=rng.choice(forms)) | {"safe_to_contact": False}
    yield Event(0, call(rng, "P26-1", party))
    if rng.random() < 0.4:  # noqa: PLR2004
        changed = pick(rng, {"safe_to_contact": True}, {"phone": rng.choice(PLAIN)}, {"phone": rng.choice(ODD)})
        yield Event(wait(rng), Tell("P26-1", {"reporting_parties": [{"party_id": "1", **changed}]}))
    if rng.random() < 0.3:  # noqa: PLR2004
        yield Event(wait(rng), Free("P26-1", "unsafe", "1"))
    yield from life(rng, "P26-2", rng.choice(forms))
    yield from life(rng, "P26-3", rng.choice(PLAIN))


def released(rng: Random) -> Iterator[Event]:
    """B4: a word, a release, another word, and perhaps the first one again."""
    phone, words = rng.choice(PLAIN), grave(rng)
    dull: Fields = {"incident_type": "NOISE", "type_modifier": None, "initial_type": None}
    yield Event(0, Tell("P26-1", call(rng, "P26-1", who(rng, phone=phone)).fields | words))
    if rng.random() < 0.3:  # noqa: PLR2004
        yield Event(0, Tell("P26-3", call(rng, "P26-3", who(rng, phone=phone)).fields | grave(rng)))
    if rng.random() < 0.3:  # noqa: PLR2004
        yield Event(1, Tell("P26-1", dull))
    what = pick(rng, "sensitive", "sensitive", "sensitive", "juvenile")
    yield Event(1, Free("P26-1", what))
    for _ in range(rng.randrange(4)):
        yield Event(1, Tell("P26-1", pick(rng, dull, words, over(rng), {"priority": "3"})))
    yield from life(rng, "P26-2", phone)


def survey_by_text(rng: Random) -> Iterator[Event]:
    """B6: a survey has begun, and something grave is said before the person answers."""
    phone = rng.choice(NUMBERS)
    yield Event(0, call(rng, "P26-1", who(rng, phone=phone), arrived_at=NOW, closed_at=NOW, dispositions=["HAN"]))
    yield Event(pick(rng, DAY, 2 * DAY), Text(phone, pick(rng, "4", "5 thanks so much", "thanks, see you")))
    turn = pick(
        rng,
        Tell("P26-1", grave(rng)),
        Tell("P26-2", {"reporting_parties": [who(rng, phone=phone)], **grave(rng)}),
        Tell("P26-1", {"reporting_parties": [{"party_id": "1", "safe_to_contact": False}]}),
        Text(phone, "STOP"),
    )
    yield Event(1, turn)
    for _ in range(3):
        yield Event(pick(rng, 2, 61), Text(phone, rng.choice(list(TEXTS))))


def duplicates(rng: Random) -> Iterator[Event]:
    """B7, B10: two incidents that are, or were, the same as a third, which perhaps nobody told of."""
    relation = pick(rng, "duplicate_of", "duplicate_of", "merged_into", "related")
    leader = pick(rng, "P26-1", "P26-1", "P26-9")
    link: Fields = {"linked_to": {"incident_number": leader, "relation": relation}}
    told = [call(rng, number, incident_type="NOISE") for number in INCIDENTS]
    if leader == "P26-1" and rng.random() < 0.8:  # noqa: PLR2004
        yield Event(0, told[0])
    for each in told[1:]:
        at_once = rng.random() < 0.5  # noqa: PLR2004
        yield Event(wait(rng), Tell(each.number, each.fields | (link if at_once else {})))
        if not at_once:
            yield Event(pick(rng, 2, 6, 31), Tell(each.number, link))
    word: Fields = {"type_modifier": rng.choice([*MODIFIERS, "No such word"])}
    turn = pick(rng, grave(rng), word, word, {"linked_to": None}, over(rng))
    yield Event(wait(rng), Tell(rng.choice(INCIDENTS), turn))
    yield Event(wait(rng), Tell("P26-1", over(rng)))
    yield from life(rng, "P26-4", told[1].fields["reporting_parties"][0]["phone"])


def rings(rng: Random) -> Iterator[Event]:
    """A8: calls that are each said to be a duplicate of the next, and a call that names one of which nobody tells."""
    several = INCIDENTS[: rng.choice((2, 3))]
    named = dict(zip(several, (*several[1:], rng.choice((several[0], several[0], "P26-9"))), strict=True))
    order = list(several)
    rng.shuffle(order)
    for number in order:
        yield Event(wait(rng), call(rng, number))
    rng.shuffle(order)
    for number in order:
        link = {"incident_number": named[number], "relation": pick(rng, "duplicate_of", "duplicate_of", "merged_into")}
        yield Event(wait(rng), Tell(number, {"linked_to": link}))
    yield Event(wait(rng), Tell(rng.choice(order), pick(rng, grave(rng), over(rng), {"linked_to": None})))
    yield Event(wait(rng), Tell(rng.choice(order), over(rng)))


def refused(rng: Random) -> Iterator[Event]:
    """B9: an update that can't be taken, and the next call of the same phone."""
    phone = rng.choice(NUMBERS)
    yield Event(0, call(rng, "P26-1", who(rng, phone=phone)))
    yield Event(wait(rng), Tell("P26-1", rejected(rng)))
    if rng.random() < 0.5:  # noqa: PLR2004
        yield Event(wait(rng), Tell("P26-1", over(rng) | {"arrived_at": NOW}))
    yield from life(rng, "P26-2", phone)


def ties(rng: Random) -> Iterator[Event]:
    """A1: two words of one instant, or of two systems; officers are there for one of them."""
    yield Event(0, call(rng, "P26-1"))
    before = wait(rng)
    for name, values in (("arrived_at", (None, NOW)), ("response_mode", ("phone", "in_person"))):
        yield Event(before, Tell("P26-1", {name: pick(rng, *values)}, source=pick(rng, "cad", "rms"), tie=True))
        yield Event(0, Tell("P26-1", {name: pick(rng, *values)}, source=pick(rng, "cad", "rms"), tie=True))
        numbered: Fields = {name: pick(rng, *values), "sequence": rng.randrange(2)}
        yield Event(0, Tell("P26-1", numbered, source=pick(rng, "cad", "rms"), tie=True))
    yield Event(40, Tell("P26-1", over(rng), source=pick(rng, "cad", "rms")))


def judged_late(rng: Random) -> Iterator[Event]:
    """Tell words that nobody judged, and what happens once they are."""
    yield Event(0, call(rng, "P26-1", who(rng), type_modifier=rng.choice(list(MODIFIERS))))
    yield Event(wait(rng), Publish(other=True))
    yield Event(wait(rng), Tell("P26-1", pick(rng, {"priority": "3"}, over(rng), {"arrived_at": NOW})))
    if rng.random() < 0.3:  # noqa: PLR2004
        yield Event(wait(rng), Publish(other=False))
    yield from life(rng, "P26-2")


def spelled(rng: Random) -> Iterator[Event]:
    """Tell known words in another form, some of which nobody can read."""
    word = rng.choice(list(MODIFIERS))
    form = pick(rng, word.upper(), word.lower(), word.replace(" ", "-"), word.replace(" ", "  "), f"({word})")
    broken = pick(rng, word.replace("e", "\ufffd"), f"{word} Шум", f"{word} ??", word[:-1])
    yield Event(0, call(rng, "P26-1", who(rng), type_modifier=pick(rng, form, form, broken)))
    yield Event(wait(rng), Tell("P26-1", over(rng) | {"arrived_at": NOW}))


def crowd(rng: Random) -> Iterator[Event]:
    """Let many call at once, with pauses and a feed that falls silent."""
    people = [who(rng, str(each), NUMBERS[each]) for each in range(rng.randrange(1, 6))]
    yield Event(0, call(rng, "P26-1", *people))
    pause = pick(rng, Hold("agency"), Hold("incident", "P26-1"), Hold("type", "N*"), Hold("beat", "6*"))
    pause = pick(rng, pause, Hold("kind", rng.choice(EVERYTHING)))
    yield Event(wait(rng), pick(rng, pause, Beat(lives=False), Free("P26-1", "mass_call")))
    yield Event(wait(rng), pick(rng, Hold(pause.of, pause.which, holds=False), Beat(lives=True), pause))
    yield Event(wait(rng), pick(rng, Free("P26-1", "mass_call"), Tell("P26-1", over(rng))))
    yield Event(wait(rng), Tell("P26-1", over(rng)))


def races(rng: Random) -> Iterator[Event]:
    """B8: something happens between the last look at a message and its claim, or just after that."""
    phone = rng.choice(NUMBERS)
    yield Event(0, call(rng, "P26-1", who(rng, phone=phone)))
    more = [who(rng, str(each), NUMBERS[each]) for each in range(2, 6)]
    act: Act = pick(
        rng,
        Tell("P26-2", {"reporting_parties": [who(rng, phone=phone)], **grave(rng)}),
        Tell("P26-2", {"reporting_parties": [{"party_id": "1", "phone": phone, "safe_to_contact": False}]}),
        Tell("P26-1", {"reporting_parties": more}),
        Tell("P26-1", {"arrived_at": NOW}),
        Text(phone, "STOP"),
    )
    yield Event(0.2, act, at="claim")
    yield Event(pick(rng, 2, 31, 62), Hold("agency"), at=pick(rng, "claim", "claimed"))
    yield Event(pick(rng, 2, 31), Hold("agency", holds=False))
    yield Event(wait(rng), Tell("P26-1", over(rng) | {"arrived_at": NOW}))


def stops(rng: Random) -> Iterator[Event]:
    """Let somebody who has a phone and an email text that they want no more, and perhaps that they do."""
    phone = rng.choice(NUMBERS)
    party = {"party_id": "1", "phone": phone, "email": rng.choice(EMAILS)}
    yield Event(0, call(rng, "P26-1", party))
    yield Event(wait(rng), Text(phone, rng.choice(list(TEXTS))))
    if rng.random() < 0.3:  # noqa: PLR2004
        yield Event(wait(rng), Tell("P26-1", {"reporting_parties": [{"party_id": "1", "phone": None}]}))
    yield Event(wait(rng), Tell("P26-1", over(rng) | {"arrived_at": NOW}))
    yield Event(wait(rng), Text(phone, pick(rng, "START", "YES", "STOP", "4")))
    yield Event(wait(rng), call(rng, "P26-2", party))


def chance(rng: Random) -> Event:
    """Return anything."""
    number = rng.choice(INCIDENTS)
    one: Fields = {"party_id": pick(rng, "1", "2")}
    party = one | pick(
        rng, {"phone": rng.choice(list(PHONES))}, {"email": rng.choice(EMAILS)}, {"safe_to_contact": False},
        {"contact_kind": pick(rng, "alarm", "personal")}, {"role": pick(rng, "victim", "witness", "caller")},
    )  # fmt: skip
    told: Fields = pick(
        rng, grave(rng), rejected(rng), over(rng), {"arrived_at": pick(rng, NOW, None)}, {"cancelled_at": NOW},
        {"enroute_at": NOW}, {"diverted_at": NOW}, {"scheduled_for": timedelta(hours=2)}, {"closed_at": None},
        {"transferred_to": pick(rng, "county-so", None)}, {"exercise": pick(rng, True, False)},
        {"origin": pick(rng, "911", "officer_initiated")}, {"do_not_contact": True}, {"case_numbers": ["26-1", "26-2"]},
        {"incident_type": rng.choice(list(CODES))}, {"type_modifier": rng.choice(list(MODIFIERS))},
        {"offenses": [rng.choice(list(OFFENSES))]}, {"priority": pick(rng, "1", "2", "3")}, {"incident_type": None},
        {"beat": pick(rng, "612", "712", None)}, {"reporting_parties": [party]}, {"reporting_parties": [party]},
    )  # fmt: skip
    act: Act = Tell(number, told, as_of=pick(rng, 0.0, 0.0, 0.0, -300.0, 120.0), source=pick(rng, "cad", "cad", "rms"))
    act = pick(rng, act, act, act, act, Text(rng.choice(NUMBERS), rng.choice(list(TEXTS))))
    return Event(wait(rng), act)


PLOTS: tuple[Callable[[Random], Iterator[Event]], ...] = (
    life, life, grave_then_another, grave_then_another, unsafe_then_another, released, survey_by_text, duplicates,
    duplicates, rings, refused, ties, judged_late, spelled, crowd, races, races, stops,
)  # fmt: skip
