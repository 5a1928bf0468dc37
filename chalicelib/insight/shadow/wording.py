"""How the report names kinds, hours and days: the same on the terminal and on the pages."""

from chalicelib.domain.names import Kind
from chalicelib.insight.shadow.report import ShadowReport

MARK = "▸"
_DAY = "%a %-d %b %Y"


def kind_name(kind: Kind) -> str:
    """Return a kind as people read it."""
    return kind.replace("_", " ")


def hour_name(hour: int) -> str:
    """Return an hour of the day."""
    return f"{hour:02}:00"


def period(report: ShadowReport) -> str:
    """Return which days the report is about."""
    if report.day:
        return f"{report.day:{_DAY}}: messages of that day, calls that came in on it"
    if not (report.first and report.last):
        return "No calls yet"
    if report.first == report.last:
        return f"Calls of {report.first:{_DAY}}"
    return f"Calls of {report.first:{_DAY}} to {report.last:{_DAY}}, {report.days:,} days"
