"""A file of judgements, CSV → the judged vocabulary, and back. `docs/agency/settings.md` is this file in words."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterable, Iterator
from io import StringIO

import msgspec

from chalicelib.domain.harmless import as_meant, guarded
from chalicelib.domain.settings.judgements import VERDICTS, Judgement, Judgements, Key

COLUMNS = ("field", "value", "meaning", "verdicts", "judged_by", "reason")
_NEEDED = frozenset({"field", "value", "verdicts"})


class InvalidJudgements(ValueError):
    """A file that holds no judgements; `line` is where, from 1, and the text names the column."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line, self.problem = line, problem


def read_judgements(text: str) -> Judgements:
    """Read a file of judgements; a line without a verdict is one that nobody has judged yet. InvalidJudgements."""
    entries: dict[Key, Judgement] = {}
    for line, row in rows_of(text):
        entry = _judgement(row, line)
        if entry and entry.key in entries:
            raise InvalidJudgements(line, f"entries: {entry.field} {entries[entry.key].name} is judged twice")
        if entry:
            entries[entry.key] = entry
    try:
        return Judgements(tuple(entries.values()))
    except ValueError as problem:
        raise InvalidJudgements(1, str(problem)) from problem


def decoded(content: bytes) -> str:
    """Return a file's text as a spreadsheet saved it: UTF-8, UTF-16 or windows-1252; InvalidJudgements."""
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidJudgements(1, "neither UTF-8 nor windows-1252: save it as CSV UTF-8")


def rows_of(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield each row of a CSV file with its line; InvalidJudgements where its columns are not the known ones."""
    for line, row in read_table(text, _NEEDED, f"the columns are {', '.join(COLUMNS)}"):
        if None in row:
            raise InvalidJudgements(line, "more cells than columns; put a value with a comma into quotes")
        yield line, row


def read_table(text: str, needed: Collection[str], known: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a CSV file with its line, as its cells were meant; InvalidJudgements where a column is missing.

    Commas, semicolons or tabs separate cells. Cells beyond the last column are under the name None.
    """
    text = text.removeprefix("\ufeff")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(StringIO(text, newline=None), delimiter=separator, strict=True)
    try:
        reader.fieldnames = names = [str(name).strip().lower() for name in reader.fieldnames or ()]
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice:
            raise InvalidJudgements(1, f"{twice}: two columns have this name")
        missing = sorted(set(needed) - set(names))
        if missing:
            raise InvalidJudgements(1, f"{missing[0]}: no such column; {known}; here are {', '.join(names)}")
        for row in reader:
            yield reader.line_num, {name: as_meant(str(cell or "").strip()) for name, cell in row.items()}
    except csv.Error as problem:
        raise InvalidJudgements(reader.line_num, str(problem)) from problem


def write_judgements(judgements: Judgements) -> str:
    """Write judgements as `read_judgements` reads them."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in judgements.entries:
        verdicts = " ".join(verdict for verdict in VERDICTS if verdict in each.verdicts)
        cells = (each.field, each.value, each.meaning, verdicts, "; ".join(each.judged_by), each.reason)
        writer.writerow(map(guarded, cells))
    return lines.getvalue()


def _judgement(row: dict[str, str], line: int) -> Judgement | None:
    verdicts = row["verdicts"].replace(",", " ").lower().split()
    if not verdicts:
        return None
    told = {
        **{name: row.get(name, "") for name in ("field", "value", "meaning", "reason")},
        "verdicts": verdicts,
        "judged_by": [name.strip() for name in row.get("judged_by", "").split(";") if name.strip()],
    }
    unknown = [each for each in verdicts if each not in VERDICTS]
    if unknown:
        raise InvalidJudgements(line, f"verdicts: {unknown[0]!r} is none of {', '.join(VERDICTS)}")
    try:
        return msgspec.convert(told, Judgement)
    except msgspec.ValidationError as problem:
        message, _, path = str(problem).replace("`", "").partition(" - at $.")
        raise InvalidJudgements(line, f"{path}: {message}" if path else message) from problem
