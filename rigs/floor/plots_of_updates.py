"""Plots about updates: duplicates, refused ones, those of one instant, and words that nobody judged or can read."""

from collections.abc import Iterator
from random import Random

from rigs.floor.oracle.addresses import NUMBERS
from rigs.floor.oracle.words import MODIFIERS
from rigs.floor.story import Event, Fields, Publish, Tell
from rigs.floor.updates import INCIDENTS, NOW, call, grave, life, over, pick, rejected, wait, who


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
