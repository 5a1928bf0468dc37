"""Show a conformance report on a terminal of 80 columns, and write it as one page."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.padding import Padding
from rich.text import Text

from chalicelib.insight.certify.report import Line, Report
from chalicelib.insight.certify.verdict import MOST_SHOWN, State
from tenfour.common.html import templates
from tenfour.common.screen import Screen

_MARKS: dict[State, tuple[str, str, str]] = {
    "wrong": ("✗", "bold red", "Wrong"),
    "not_seen": ("?", "bold yellow", "Not seen"),
    "right": ("✓", "bold green", "Right"),
}


def show(screen: Screen, report: Report) -> None:
    """Print what is wrong, then what was not seen, then what is right, and the script."""
    screen.print(Text(heard(report)))
    for state, (mark, style, title) in _MARKS.items():
        lines = report.of(state)
        if lines:
            screen.print(Text(f"\n{title}: {len(lines)}", style=style))
        for line in lines:
            screen.print(Text.assemble((f"{mark} {line.name}", style), f": {line.rule.replace('`', '')}"))
            for words in _below(line):
                screen.print(Padding(Text(words.replace("`", "")), (0, 0, 0, 4)))
    _show_script(screen, report)
    screen.print(Text(f"\n{summary(report)}", style="bold green" if report.good else "bold red"))


def _below(line: Line) -> list[str]:
    if line.state == "not_seen":
        return [f"To show it: {line.show}", *line.notes]
    found = [f"- {words}" for words in line.findings[:MOST_SHOWN]]
    more = len(line.findings) - MOST_SHOWN
    found += [f"- and {more:,} more"] if more > 0 else []
    meant = [f"For people: {line.people}"] if line.state == "wrong" else []
    return [*meant, *found, *line.notes[:MOST_SHOWN]]


def _show_script(screen: Screen, report: Report) -> None:
    screen.print(Text("\nThe script", style="bold"))
    for scene in report.scenes:
        if scene.where:
            screen.print(Text(f"✓ {scene.name}: {scene.where}"))
        else:
            screen.print(Text(f"? {scene.name}: {scene.play}", style="dim"))


def heard(report: Report) -> str:
    """Return how much was heard, in one sentence."""
    how = "Heard live" if report.live else "Read from a recording"
    parts = [
        _counted(report.requests, "request"),
        f"{_counted(report.updates, 'update')} of {_counted(report.calls, 'call')}",
        _counted(report.heartbeats, "heartbeat"),
    ]
    return f"{how}: {', '.join(parts)}."


def summary(report: Report) -> str:
    """Return the verdict on the whole, in one sentence."""
    wrong, unseen, right = (len(report.of(state)) for state in ("wrong", "not_seen", "right"))
    if report.complete:
        return f"All {right} checks are right."
    if wrong:
        return f"{_counted(wrong, 'check')} found something wrong; {right} right, {unseen} not seen."
    return f"Nothing wrong was seen: {_counted(right, 'check')} right, {unseen} not seen yet."


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def write_page(report: Report, path: Path, sender: str, now: datetime) -> None:
    """Write the report as one page to hand over; OSError."""
    page = templates(Path(__file__).parent).get_template("report.html")
    words = page.render(
        report=report,
        sender=sender,
        made=f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        period=_period(report),
        version=version("tenfour"),
        heard=heard(report),
        summary=summary(report),
        states=[(state, mark, title) for state, (mark, _, title) in _MARKS.items()],
        most=MOST_SHOWN,
        style=(Path(__file__).parent / "style.css").read_text(encoding="utf-8"),
    )
    path.write_text(words, encoding="utf-8")


def _period(report: Report) -> str:
    if not report.first or not report.last:
        return ""
    return f"{report.first:%Y-%m-%d %H:%M} to {report.last:%Y-%m-%d %H:%M} UTC"
