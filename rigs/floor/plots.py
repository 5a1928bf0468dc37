"""Plots: the stories that were found from outside, each with its names, words and times drawn by chance."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from msgspec.structs import replace

from rigs.floor.oracle.addresses import EMAILS, NUMBERS, ODD, PHONES, PLAIN
from rigs.floor.oracle.replies import TEXTS
from rigs.floor.oracle.words import CODES, MODIFIERS, OFFENSES
from rigs.floor.plots_of_updates import duplicates, judged_late, refused, rings, spelled, ties
from rigs.floor.settings import EVERYTHING
from rigs.floor.story import Act, Beat, Event, Fields, Free, Hold, Publish, Tell, Text
from rigs.floor.updates import DAY, INCIDENTS, LATE, NOW, call, grave, life, over, pick, rejected, wait, who


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
