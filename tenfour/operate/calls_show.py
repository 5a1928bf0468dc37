"""The calls of a phone or email, to choose the one that is meant."""

from collections.abc import Sequence
from datetime import tzinfo

from rich.table import Table

from chalicelib.domain.incidents.places import is_id
from chalicelib.insight.explain.calls import Call
from tenfour.common.screen import Screen, say_json


def show_calls(calls: Sequence[Call], zone: tzinfo, *, as_json: bool) -> None:
    """Print calls, the latest first, in the agency's own time, and how to see one."""
    if as_json:
        say_json(calls)
        return
    table = Table("incident", "received", "type", "beat", "messages")
    for call in calls:
        at = f"{call.received_at.astimezone(zone):%a %Y-%m-%d %H:%M}" if call.received_at else ""
        number = "(no number)" if is_id(call.incident_number) else call.incident_number
        name = number if call.key == number else f"{number}\n={call.key}"
        table.add_row(name, at, call.incident_type, call.beat, str(call.went))
    console = Screen()
    console.print(table)
    console.print(f"{len(calls)} calls: see one with its number or what stands below it, or say when with --at")
