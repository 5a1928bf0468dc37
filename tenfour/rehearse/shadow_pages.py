"""The pages of a shadow report: one to read, one to print and sign; each a file that needs nothing else."""

from pathlib import Path
from typing import Any

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.shadow.findings import counted, findings, opening
from chalicelib.insight.shadow.report import ShadowReport
from chalicelib.insight.shadow.sign_off import NOTHING_IS_SENT, SIGNERS, Sheet
from chalicelib.insight.shadow.wording import hour_name, kind_name, period
from tenfour.common.html import templates

MOST_PEOPLE = 50
_HERE = Path(__file__).parent
_PAGES = templates(_HERE)
_PAGES.filters |= {"kind": kind_name, "hour": hour_name, "figure": lambda number: f"{number:,}"}


def write_pages(report: ShadowReport, agency: Agency, sheets: tuple[Sheet, ...], out: Path) -> tuple[Path, ...]:
    """Write both pages and return where they are."""
    values = {
        "agency": agency,
        "report": report,
        "period": period(report),
        "counted": counted,
        "most_people": MOST_PEOPLE,
        "style": (_HERE / "style.css").read_text(encoding="utf-8"),
    }
    to_read = {"opening": tuple(opening(report)), "findings": tuple(findings(report)), **values}
    to_sign = {"sheets": sheets, "signers": SIGNERS, "nothing": NOTHING_IS_SENT, **values}
    return (
        _write(out / "report.html", "report.html", to_read),
        _write(out / "sign-off.html", "sign_off.html", to_sign),
    )


def _write(path: Path, template: str, values: dict[str, Any]) -> Path:
    path.write_text(_PAGES.get_template(template).render(values), encoding="utf-8")
    return path
