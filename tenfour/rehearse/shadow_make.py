"""Make a shadow report by the options of the command, and write its files."""

from datetime import date
from pathlib import Path

import msgspec

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.shadow import past
from chalicelib.insight.shadow.report import ShadowReport
from chalicelib.insight.shadow.sign_off import sheets
from tenfour.common.screen import Screen
from tenfour.rehearse.shadow_csv import write_csv
from tenfour.rehearse.shadow_pages import write_pages
from tenfour.rehearse.shadow_show import show
from tenfour.rehearse.shadow_source import BadChoice, Choice, find


def make(choice: Choice, day: date | None, out: Path, json: Path | None, price: float, console: Screen) -> None:
    """Find the incidents, count them, print the report and write its files; one of UNUSABLE."""
    if out.exists() and not out.is_dir():
        raise BadChoice(f"--out {out}: that is no folder")
    decided = find(choice, console)
    out.mkdir(parents=True, exist_ok=True)
    with console.status("Counting …"):
        report = past.report(decided, day, price)
    written = write(report, decided.agency, out)
    if json:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
        written = (*written, json)
    show(console, report, decided.unreadable)
    for path in written:
        console.print(str(path), soft_wrap=True)


def write(report: ShadowReport, agency: Agency, out: Path) -> tuple[Path, ...]:
    """Write the pages and the sheet into a folder that is there, and return where they are."""
    to_sign = sheets(agency, report)
    sheet = out / "sign-off.csv"
    write_csv(to_sign, sheet)
    return (*write_pages(report, agency, to_sign, out), sheet)
