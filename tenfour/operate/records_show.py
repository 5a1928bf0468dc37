"""A record for a public-records request, as a page of 80 columns that can be printed."""

import io
from datetime import tzinfo

from rich.text import Text

from chalicelib.domain.approval import shown
from chalicelib.insight.records.export import PublicRecord
from tenfour.common.screen import Screen
from tenfour.operate.explain_show import called, show

WIDTH = 80


def page(record: PublicRecord, zone: tzinfo) -> str:
    """Return the record as a page."""
    text, request = io.StringIO(), record.request
    console = Screen(file=text, width=WIDTH, plain=True)
    console.print(Text(f"{record.agency}\nRecord of messages about {called(record.incident)}\n"))
    console.print(Text(f"Made {request.at.astimezone(zone):%Y-%m-%d %H:%M %Z} by {shown(request.author)}."))
    console.print(Text(f"For: {request.reason}\n{record.redacted}\n{record.retention}\n"))
    for line in record.look_before_release:
        console.print(Text(f"BEFORE RELEASE: {line}"))
    show(console, record.incident, zone)
    return text.getvalue()
