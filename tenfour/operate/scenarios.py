"""Keep a folder's scenarios with the settings, in the place of those that were kept, and name those that fail."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.scenarios import Kept, NotKept
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.drafts.scenarios import fit
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.scenarios import run_sheet, scenario_files
from chalicelib.wiring import Aws, now
from tenfour.common.noted import noted
from tenfour.common.reached import asked
from tenfour.common.screen import say
from tenfour.common.terminal import refuse

WHY = {
    "name": "a name has small letters and hyphens only, at most 60",
    "long": "it has more than 16 KB",
    "person": "it holds a phone or an email that somebody may have: write 555-0100 to 555-0199 and people.example",
    "many": "an agency keeps at most 60",
}


def keep_scenarios(aws: Aws, settings: Agency, folder: Path) -> None:
    """Keep a folder's scenarios, remove the others, and say which do not go as they say; all are read before."""
    agency_id, who = settings.agency_id, Author(anybody(aws))
    there = {one.name: one for one in asked(lambda: aws.scenarios.all_of(agency_id))}
    wanted: list[Kept] = []
    for file in _files(folder):
        wanted.append(_read(file, [one.name for one in wanted], who))
    for one in wanted:
        known = there.pop(one.name, None)
        if known is None or known.text != one.text:
            _noted(aws, agency_id, one.name, "kept", partial(aws.scenarios.keep, agency_id, one))
    for name in there:
        _noted(aws, agency_id, name, "removed", partial(aws.scenarios.remove, agency_id, name))
    for one in wanted:
        problem = run_sheet(one.text, settings)
        if problem:
            say(f"scenario {one.name}: {one.title}: {problem}", errors=True)
    say(f"{agency_id}: {len(wanted)} scenarios are kept with the settings")


def _files(folder: Path) -> list[Path]:
    try:
        return scenario_files(folder)
    except OSError as problem:
        refuse(problem)


def _read(file: Path, others: list[str], who: Author) -> Kept:
    try:
        return fit(file.stem, file.read_text(encoding="utf-8-sig"), others, who, now())
    except (NotKept, OSError, UnicodeDecodeError) as problem:
        why = WHY.get(problem.why, str(problem)) if isinstance(problem, NotKept) else str(problem)
        refuse(f"{file.name}: {why}")


def _noted(aws: Aws, agency_id: str, name: str, what: str, act: Callable[[], None]) -> None:
    about = thing("scenario", f"{name}: {what}")
    asked(lambda: noted(aws, agency_id, What.DRAFTED, about, anybody(aws), now(), act))
