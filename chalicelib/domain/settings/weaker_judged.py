"""Find what other judgements, or another code list beside them, would let go. Pure."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgement, Judgements, Key
from chalicelib.domain.text import normal

MOST_NAMED = 5


def judged_less(before: Agency, after: Agency) -> Iterator[str]:
    """Yield what other judgements let go: values that may be texted about, and values that no longer silence."""
    was, is_now = _by_value(before.judgements), _by_value(after.judgements)
    freer = sorted(is_now[key].name for key in is_now if _freer(was.get(key), is_now[key]))
    if freer:
        yield f"judgements hold back less of {_few(freer)}"
    gone = {key: entry for key, entry in was.items() if key not in is_now}
    silenced = sorted(entry.name for entry in gone.values() if "sensitive" in entry.verdicts)
    if silenced:
        yield f"judgements no longer hold {_few(silenced)} as sensitive"
    beside = sorted(_held_beside(gone, is_now))
    if beside:
        yield f"judgements no longer hold {_few(beside)} back, and others of the same words let it go"
    if before.judgements.judged_dispositions and not after.judgements.judged_dispositions:
        yield "dispositions need no judgement any more"
    meant = sorted(_meant_otherwise(before, after))
    if meant:
        yield f"code_list says something else of {_few(meant)}"


def _by_value(judgements: Judgements) -> dict[Key, Judgement]:
    return {entry.key: entry for entry in judgements.entries}


def _freer(was: Judgement | None, is_now: Judgement) -> bool:
    """Tell whether a value holds back less than it did: a value that nobody judged is silent.

    A reason lets a value go although the word lists know it.
    """
    held = (was.verdicts if was else frozenset()) - {"dull"}
    excused = bool(is_now.lets and is_now.reason and not (was and was.reason))
    return excused or bool(held - is_now.verdicts) or (is_now.lets and not (was and was.lets))


def _held_beside(gone: dict[Key, Judgement], is_now: dict[Key, Judgement]) -> Iterator[str]:
    """Yield what a judgement that is gone held back of a code or meaning of which others remain.

    A bare code has the verdicts of all its judgements, and the word lists read the meanings of those without a reason.
    """
    others = {key for entry in is_now.values() if entry.lets for key in _words(entry)}
    for entry in gone.values():
        holds = entry.verdicts - {"dull", "sensitive"} or (entry.lets and not entry.reason)
        if holds and not others.isdisjoint(_words(entry)):
            yield entry.name


def _words(entry: Judgement) -> Iterator[Key]:
    words = (("value", entry.value), ("meaning", entry.meaning))
    yield from ((entry.field, name, normal(text)) for name, text in words if text)


def _meant_otherwise(before: Agency, after: Agency) -> Iterator[str]:
    """Yield the codes that may be texted about and of which the code list says something else than it did."""
    types = (entry for entry in after.judgements.entries if entry.field == "incident_type" and entry.lets)
    lets = {normal(entry.value) for entry in types}
    for code in {**before.code_list, **after.code_list}:
        was, is_now = before.meaning(code), after.meaning(code)
        if normal(was) == normal(is_now) or normal(code) not in lets:
            continue
        if was or _bare(before, code, was) != _bare(after, code, is_now):
            yield code


def _bare(agency: Agency, code: str, meaning: str) -> frozenset[str]:
    return frozenset(agency.judgements.of(Evidence("incident_type", code), meaning))


def _few(names: Iterable[str]) -> str:
    told = list(dict.fromkeys(names))
    more = len(told) - MOST_NAMED
    return ", ".join(told[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
