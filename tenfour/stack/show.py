"""A deployment on a terminal of 80 columns."""

from collections import Counter
from collections.abc import Iterable

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tenfour.common.screen import Screen
from tenfour.stack.change import ChangeSet, ResourceChange
from tenfour.stack.deploy import HOLDS_DATA, Deployed
from tenfour.stack.destroy import Keeper
from tenfour.stack.finding import Finding
from tenfour.stack.place import stack_name

_MARKS = {"ok": ("✓", "green"), "live": ("!", "yellow"), "stop": ("✗", "bold red")}
_MOST_LISTED = 12


def show_finding(console: Screen, finding: Finding) -> None:
    """Print one finding: what about, and what to do.

    A command, an ARN or an address is copied: a line that has one is never broken or cut.
    """
    mark, style = _MARKS[finding.level]
    if any(copied in finding.says for copied in ("`", "arn:", "://")):
        console.print(Text.assemble((mark, style), f" {finding.about:<9} {finding.says}"), soft_wrap=True)
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(width=9)
    table.add_column(ratio=1)
    table.add_row(Text(mark, style=style), Text(finding.about), Text(finding.says))
    console.print(table)


def show_changes(console: Screen, proposed: ChangeSet) -> None:
    """Print what CloudFormation would do: what is replaced or removed by name, the rest counted by type."""
    if not proposed.changes:
        console.print("\nNothing would change: this version runs already.")
        return
    counted = Counter(change.action for change in proposed.changes)
    console.print(f"\nCloudFormation would {_in_words(counted)}.")
    loud = [change for change in proposed.changes if change.replaced or change.action == "Remove"]
    quiet = [change for change in proposed.changes if change not in loud]
    _table(console, sorted(loud, key=lambda change: change.name))
    listed = quiet if len(quiet) <= _MOST_LISTED else []
    _table(console, sorted(listed, key=lambda change: (change.action, change.type, change.name)))
    if not listed and quiet:
        by_type = Counter((change.action, change.type) for change in quiet)
        table = _grid()
        for (action, kind), count in sorted(by_type.items()):
            table.add_row(action.lower(), str(count), kind.removeprefix("AWS::"))
        console.print(Padding(table, (0, 0, 0, 2)))


def show_hand_over(console: Screen, deployed: Deployed) -> None:
    """Print where the stack is, and what goes to whom."""
    console.print(Text(f"\n{deployed.stack} runs in {deployed.account}, {deployed.region}.", style="bold"))
    agency = deployed.agency_id or "{agency_id}"
    stage = "" if deployed.stack == stack_name("prod") else f"TENFOUR_STAGE={deployed.stack.rpartition('-')[2]} "
    key = (
        f"{stage}tenfour keys show {deployed.key_name}"
        if deployed.key_name
        else f"{stage}tenfour keys add NAME, once settings are published"
    )
    _lines(
        console,
        "For the dispatch vendor",
        (
            ("updates", f"POST {deployed.address}/cad/{agency}/updates"),
            ("heartbeat", f"POST {deployed.address}/cad/{agency}/heartbeat, each minute"),
            ("key", f"{key}; hand it over in secret"),
            ("how", f"docs/vendor/webhook.md, {deployed.public_address}/openapi.html"),
        ),
    )
    _lines(
        console,
        "For the agency",
        (
            ("settings", f'survey.link is "{deployed.public_address}/s"'),
            ("public", f"{deployed.public_address}/real/{agency} tells people whether a text is real"),
            *([("desk", f"{deployed.desk} is where the agency's people sign in")] if deployed.desk else []),
        ),
    )
    to_do = [(name, f"{value}   {deployed.hints.get(name, '')}".rstrip()) for name, value in deployed.to_do]
    _lines(console, "Before anything is sent", [("alarms", _alarms(deployed)), *to_do])
    for finding in deployed.findings:
        if finding.level == "live":
            show_finding(console, finding)


def _alarms(deployed: Deployed) -> str:
    if email := deployed.parameters.get("AlarmEmail"):
        return f"{email} confirms what AWS mailed"
    topic = deployed.alarms_topic or ""
    return f"aws sns subscribe --protocol email --topic-arn {topic} --notification-endpoint YOU"


def show_kept(console: Screen, kept: Iterable[Keeper], deleted: bool) -> None:
    """Print what holds data, before its stack goes."""
    console.print("It holds data, and it will be deleted:" if deleted else "It holds data, and it stays:")
    for keeper in kept:
        console.print(Text(f"  {keeper.name:<14} {keeper.type.removeprefix('AWS::'):<24} {keeper.id}"), soft_wrap=True)


def _lines(console: Screen, title: str, lines: Iterable[tuple[str, str]]) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    lines = list(lines)
    width = max(10, *(len(name) for name, _ in lines))
    for name, text in lines:
        # An address or a command is copied: it is never broken into lines.
        console.print(Text(f"  {name:<{width}} {text}"), soft_wrap=True)


def _table(console: Screen, changes: Iterable[ResourceChange]) -> None:
    table = _grid()
    for change in changes:
        note = "replaced" if change.replaced else ""
        note += " (holds data)" if change.type in HOLDS_DATA and (change.replaced or change.action == "Remove") else ""
        table.add_row(change.action.lower(), change.name, f"{change.type.removeprefix('AWS::')} {note}".rstrip())
    if table.row_count:
        console.print(Padding(table, (0, 0, 0, 2)))


def _grid() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=7)
    table.add_column()
    table.add_column(ratio=1)
    return table


def _in_words(counted: Counter[str]) -> str:
    names = {"Add": "add", "Modify": "change", "Remove": "remove", "Import": "import", "Dynamic": "perhaps change"}
    return ", ".join(f"{names.get(action, action.lower())} {count}" for action, count in sorted(counted.items()))
