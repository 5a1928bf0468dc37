"""Judging: answers of two people about the values that wait → the agency's judgements, written beside its settings."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from msgspec import Struct, structs

from chalicelib.domain.harmless import guarded
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications.safety import sensitive_word
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgement, Judgements
from chalicelib.domain.text import normal
from chalicelib.inbound.judgements import COLUMNS, decoded, read_judgements, read_table, rows_of
from chalicelib.insight.settings.worklist import Waiting

EXAMPLE_JUDGE = "example "
"""The judges of the settings that we ship are called so."""

_SHEET = (*COLUMNS, "incidents", "examples", "looks")
_CODE_COLUMNS = ("code", "meaning")


class Refused(Struct, frozen=True):
    """An answer that can't stand as it is, and why."""

    name: str
    why: str


class CodeList(Struct, frozen=True):
    """An agency's own code list: the meaning of each code, and what it says of no code or of one code twice."""

    meanings: dict[str, str]
    left_out: tuple[str, ...]


def known_beside(settings: Agency, file: Path) -> Judgements:
    """Return what people of the agency judged: what its settings have, examples apart, and the file that they write.

    Settings that extend a default have the default's judgements until they name a file of their own. InvalidJudgements.
    """
    written = read_judgements(decoded(file.read_bytes())).entries if file.exists() else ()
    own = (one for one in written if is_fiction(settings) or not is_example(one))
    return judged_anew(Judgements(), (*(one for one in settings.judgements.entries if not is_example(one)), *own))


def is_example(entry: Judgement) -> bool:
    """Tell whether the judges are those of a file that we ship: nobody of an agency has judged the value."""
    return entry.lets and all(name.startswith(EXAMPLE_JUDGE) for name in map(normal, entry.judged_by))


def is_fiction(agency: Agency) -> bool:
    """Tell whether it is one of our made-up agencies, whose addresses nobody can have."""
    return agency.numbers.email_from is not None and agency.numbers.email_from.endswith(".example")


def judged_anew(known: Judgements, answers: Iterable[Judgement]) -> Judgements:
    """Return the judgements with newer ones in the place of those of the same value."""
    entries = {entry.key: entry for entry in (*known.entries, *answers)}
    return Judgements(tuple(sorted(entries.values(), key=lambda one: (one.field, one.value, one.meaning))))


def unfounded(entry: Judgement, agency: Agency) -> str | None:
    """Return the word that makes a value look sensitive although it was let go without a reason, or None."""
    if not entry.lets or entry.reason:
        return None
    return sensitive_word(Evidence(entry.field, entry.value, entry.meaning), agency)


def sheet(waiting: Sequence[Waiting]) -> str:
    """Write what waits as a spreadsheet: people fill in the verdicts, and it is read back as answers."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(_SHEET)
    for one in waiting:
        filled = {"field": one.field, "value": one.value, "meaning": one.meaning or _own_words(one)}
        filled |= {"verdicts": one.verdicts, "judged_by": one.judged_by, "reason": one.reason}
        filled |= {"incidents": str(one.incidents), "examples": " ".join(one.examples), "looks": one.looks}
        writer.writerow([guarded(filled.get(name, "")) for name in _SHEET])
    return lines.getvalue()


def read_answers(text: str, judges: Sequence[str]) -> tuple[Judgement, ...]:
    """Read a filled spreadsheet; where a line names nobody, `judges` did it. InvalidJudgements."""
    lines = StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for _, row in rows_of(text):
        told = {name: guarded(row.get(name, "")) for name in COLUMNS}
        writer.writerow(told | {"judged_by": told["judged_by"] or "; ".join(judges)})
    return read_judgements(lines.getvalue()).entries


def read_codes(text: str) -> CodeList:
    """Read the agency's own code list, CSV with the columns code and meaning; InvalidJudgements."""
    meanings: dict[str, str] = {}
    spelled: dict[str, str] = {}
    left_out: list[str] = []
    twice = set[str]()
    for line, row in read_table(text, _CODE_COLUMNS, "a code list has the columns code and meaning"):
        code, meaning = row["code"], row["meaning"]
        known = spelled.setdefault(normal(code), code)
        said = meanings.get(known, "")
        if not normal(code):
            left_out.append(f"line {line}: {meaning or 'a line'} has no code")
        elif said and meaning and normal(said) != normal(meaning):
            left_out.append(
                f"line {line}: {code} is {meaning} here, and {said} before: left out until it has one meaning"
            )
            twice.add(known)
        else:
            meanings[known] = said or meaning
    return CodeList({code: meaning for code, meaning in meanings.items() if code not in twice}, tuple(left_out))


def refusals(answers: Iterable[Judgement], agency: Agency) -> Iterator[Refused]:
    """Yield the answers that need a reason: the word lists know the value as sensitive."""
    for entry in answers:
        word = unfounded(entry, agency)
        if word:
            yield Refused(entry.name, f"{word!r} is known as sensitive: both judges must agree and give a reason")


def file_of(settings: Path, named: object) -> Path:
    """Return where an agency's judgements are: the file that its settings name, or the usual one beside them."""
    return settings.parent / (named if isinstance(named, str) else f"{settings.stem}.judgements.csv")


def with_judgements(agency: Agency, judgements: Judgements) -> Agency:
    """Return an agency that judges so."""
    return structs.replace(agency, judgements=judgements)


def _own_words(one: Waiting) -> str:
    """Return a value as its own meaning, where it is in words."""
    return one.value if one.field == "incident_type" and " " in one.value else ""
