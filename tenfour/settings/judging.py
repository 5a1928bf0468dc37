"""The table at which two people judge: what waits, what they answer, and the list that is written at once."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.domain.incidents.update import Evidence, Update
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import JUDGES, VERDICTS, Judgement, Judgements, people
from chalicelib.domain.settings.meaning import lacks_meaning
from chalicelib.inbound.judgements import InvalidJudgements, decoded, write_judgements
from chalicelib.insight.judging.listed import listed as listed_at_the_desk
from chalicelib.insight.settings import judge
from chalicelib.insight.settings.calls import calls_heard, calls_of_extract
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.settings.worklist import Waiting, Worklist, worklist
from chalicelib.wiring import now
from tenfour.common.reached import reached
from tenfour.common.screen import Screen, warn

_KEYS = {verdict[0]: verdict for verdict in VERDICTS}
_QUESTION = "  d(ull) a(fter close) w(elfare) n(ever) s(ensitive), Enter: later, q: stop? "


class Bench(Struct, frozen=True):
    """An agency that judges: its settings, the file of its judgements, and the people who sit there."""

    settings: Path
    file: Path
    agency: Agency
    judges: tuple[str, ...]
    named: bool
    """Whether the settings themselves name the file; else it is not in force yet."""


class Source(Struct, frozen=True, kw_only=True):
    """Where the words come from: an extract and its map, a code list, the desk's list, or what a stack has heard."""

    extract: Path | None = None
    columns: Path | None = None
    codes: Path | None = None
    stack: Path | None = None
    agency: str | None = None
    given: bool = False
    """Whether a filled spreadsheet says it all: then nothing is looked up that was not asked for."""

    desk: bool = False


def open_bench(settings: Path, judges: tuple[str, ...]) -> Bench:
    """Read settings and what was judged so far; ValueError where the two judges are not two people."""
    if len(people(judges)) < len(judges):
        raise ValueError("--by: two people judge; say --by NAME twice, with two names")
    named = tomllib.loads(settings.read_text(encoding="utf-8-sig")).get("judgements")
    file = judge.file_of(settings, named)
    if isinstance(named, str) and not file.exists():
        file.write_text(write_judgements(Judgements()), encoding="utf-8")
    agency = load_settings(settings)
    return Bench(settings, file, judge.with_judgements(agency, judge.known_beside(agency, file)), judges, bool(named))


def waiting(bench: Bench, source: Source, endings: bool, console: Screen) -> Worklist:
    """Return what waits to be judged, and say what a code list says of no code; OSError, ValueError."""
    if source.desk:
        return listed_at_the_desk(*reached(source.stack, source.agency), bench.agency)
    if not source.codes:
        return worklist(_updates(bench, source), bench.agency, dict(bench.agency.code_list), endings)
    try:
        listed = judge.read_codes(decoded(source.codes.read_bytes()))
    except InvalidJudgements as problem:
        raise ValueError(f"{source.codes.name}, {problem}") from problem
    for each in listed.left_out:
        console.print(f"{source.codes.name}, {each}")
    return worklist(_updates(bench, source), bench.agency, listed.meanings, endings)


def for_programs(work: Worklist) -> dict[str, Any]:
    """Return the worklist as JSON has it."""
    told: dict[str, Any] = msgspec.to_builtins(work)
    return told


def write_sheet(file: Path, work: Worklist, console: Screen) -> None:
    """Write what waits as a spreadsheet."""
    file.write_text(judge.sheet(work.waiting), encoding="utf-8-sig")
    _say_free_text(work, console)
    console.print(f"{file}: {len(work.waiting)} values wait; fill in the verdicts, then say --answers")


def answered(content: bytes, bench: Bench, name: str) -> tuple[Judgement, ...]:
    """Return the answers of a filled spreadsheet; ValueError."""
    try:
        return judge.read_answers(decoded(content), bench.judges)
    except InvalidJudgements as problem:
        raise ValueError(f"{name}, {problem}") from problem


def take(bench: Bench, answers: Iterable[Judgement], work: Worklist, console: Screen) -> None:
    """Write the answers of a file that can stand, all together, and say which can't."""
    accepted = list(_accepted(bench, answers, console))
    known = judge.judged_anew(bench.agency.judgements, accepted)
    _write(bench, known)
    _say_what_is_left(bench, known, len(accepted), work, console)


def take_at_once(bench: Bench, answers: Iterable[Judgement], work: Worklist, console: Screen) -> None:
    """Write each answer that can stand before the next question: who leaves the table loses nothing."""
    known, given = bench.agency.judgements, 0
    for entry in _accepted(bench, answers, console):
        known, given = judge.judged_anew(known, (entry,)), given + 1
        _write(bench, known)
    _say_what_is_left(bench, known, given, work, console)


def _accepted(bench: Bench, answers: Iterable[Judgement], console: Screen) -> Iterator[Judgement]:
    """Yield the answers that can stand as they are given, and say why another can't."""
    for entry in answers:
        refused = next(judge.refusals((entry,), bench.agency), None)
        if refused:
            console.print(f"not written: {refused.name}: {refused.why}")
        else:
            yield entry


def _write(bench: Bench, known: Judgements) -> None:
    """Write the list beside its old one and put it in its place: half a list is never there."""
    beside = bench.file.with_name(f"{bench.file.name}.new")
    beside.write_text(write_judgements(known), encoding="utf-8")
    beside.replace(bench.file)


def _say_what_is_left(bench: Bench, known: Judgements, given: int, work: Worklist, console: Screen) -> None:
    left = sum(not known.of(_evidence(one)) for one in work.waiting)
    _say_free_text(work, console)
    console.print(f"{bench.file}: {given} judged now, {len(known.entries)} in all, {left} still wait")
    if not bench.named:
        line = f'judgements = "{bench.file.name}"'
        console.print(f"{bench.settings.name} does not use them yet. Write above its first [table]:")
        console.print(line)


def asked(bench: Bench, work: Worklist, console: Screen) -> Iterator[Judgement]:
    """Ask about each value on the terminal; ValueError where nobody is named."""
    if not bench.judges:
        raise ValueError("--by: two people judge; say --by NAME twice, with two names")
    if len(bench.judges) < JUDGES:
        console.print(f"{bench.judges[0]} alone can judge a value never or sensitive; the rest takes two")
    for place, one in enumerate(work.waiting, 1):
        looks = f"  the word lists: {one.looks}" if one.looks else ""
        console.print(f"\n{place} of {len(work.waiting)}: {one.field} {one.name}{looks}")
        if one.verdicts:
            console.print(f"  {one.judged_by} drafted at the desk: {one.verdicts}")
        if one.incidents:
            console.print(f"  {one.incidents} incidents, such as {', '.join(one.examples)}")
        answer = _ask(console)
        if answer == "q":
            return
        entry = _judgement(one, answer, bench, console) if answer else None
        if entry:
            yield entry


def _ask(console: Screen) -> str:
    while True:
        try:
            answer = console.input(_QUESTION).strip().lower()
        except (EOFError, KeyboardInterrupt):
            return "q"
        if answer in {"", "q"} or answer[0] in _KEYS:
            return answer[:1]
        console.print(f"  {answer!r} is none of these")


def _judgement(one: Waiting, key: str, bench: Bench, console: Screen) -> Judgement | None:
    verdict = _KEYS[key]
    lets = verdict not in {"never", "sensitive"}
    meaning = one.meaning
    try:
        if lets and lacks_meaning(one.field, one.value, meaning):
            meaning = console.input(f"  the meaning of {one.value}, in words: ").strip()
        reason = (
            console.input("  it looks sensitive; both agree, because: ").strip()
            if lets and one.looks.startswith("sensitive")
            else ""
        )
        return Judgement(
            field=one.field,
            value=one.value,
            meaning=meaning,
            verdicts=frozenset({verdict}),
            judged_by=bench.judges,
            reason=reason,
        )
    except (EOFError, KeyboardInterrupt, ValueError) as problem:
        console.print(f"  not written: {problem}")
        return None


def _updates(bench: Bench, source: Source) -> list[Update]:
    if source.extract and source.columns:
        return [told.update for told in calls_of_extract(source.extract, source.columns, bench.agency)]
    if source.codes or (source.given and not source.stack):
        return []
    aws, agency_id = reached(source.stack, source.agency)
    return [told.update for told in calls_heard(aws, agency_id, now(), warn)]


def _evidence(one: Waiting) -> Evidence:
    return Evidence(one.field, code=one.value, text=one.meaning if one.field == "incident_type" else "")


def _say_free_text(work: Worklist, console: Screen) -> None:
    for field, values in work.free_text.items():
        console.print(
            f"{field}: {values} different values: free text, which no list can judge. Leave the field out of the "
            "mapping, or its calls stay silent",
            markup=False,
        )
