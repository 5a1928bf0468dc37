"""What two people of an agency judged, drawn by chance: most of it dull, some of it not at all."""

from random import Random
from typing import Any

from rigs.floor.oracle.words import CODES, DISPOSITIONS, MODIFIERS, OFFENSES

Raw = dict[str, Any]
JUDGES = ["Supervisor Ruiz", "Advocate Okafor"]

VOCABULARY: tuple[Raw, ...] = (
    *({"field": "incident_type", "value": code, "meaning": meaning} for code, (meaning, _) in CODES.items()),
    {"field": "incident_type", "value": "NOISE", "meaning": "Parked car"},
    *({"field": "incident_type", "value": word, "meaning": word} for word in MODIFIERS),
    *({"field": "type_modifier", "value": word} for word in MODIFIERS),
    *({"field": "offenses", "value": code, "meaning": meaning or "Assault"} for code, (meaning, _) in OFFENSES.items()),
)


def write_judgements(rng: Random) -> list[Raw]:
    """Return what people of the agency judged: most of it dull, some of it nothing."""
    odd = rng.random()
    entries = [{**entry, "verdicts": ["dull"], "judged_by": JUDGES} for entry in VOCABULARY]
    if odd < 0.6:  # noqa: PLR2004  three in five have opinions of their own
        for entry in rng.sample(entries, rng.randrange(1, 6)):
            entry["verdicts"] = [rng.choice(("after_close", "welfare", "never", "sensitive", "dull"))]
            if rng.random() < 0.3:  # noqa: PLR2004  some with a reason
                entry["reason"] = "A word of our own"
    for missing in rng.sample(entries, rng.choice((0, 0, 1, 2, 5))):
        entries.remove(missing)
    if rng.random() < 0.1:  # noqa: PLR2004  some files are wrong: one person alone judged
        alone = rng.choice((JUDGES[:1], [JUDGES[0], JUDGES[0].upper()]))
        for entry in (entries[0], *rng.sample(entries, 5)):
            entry["judged_by"] = alone
    if rng.random() < 0.3:  # noqa: PLR2004  some agencies judge dispositions too
        entries += [
            {"field": "dispositions", "value": code, "verdicts": ["dull"], "judged_by": JUDGES}
            for code in DISPOSITIONS
            if code != "???"
        ]
    return entries


def as_taken(raw: Raw) -> Raw:
    """Return settings that are not refused: without judgements of one person alone."""
    taken = [entry for entry in raw["judgements"]["entries"] if entry["judged_by"] == JUDGES]
    return raw | {"judgements": {"entries": taken}}
