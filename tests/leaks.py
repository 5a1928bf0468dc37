"""Find what a log must never hold: a phone, an email address, a survey's token."""

import re
from collections.abc import Iterator
from pathlib import Path

from tenfour.common.reach import client, read_stack

SECRETS = {
    "a phone number": re.compile(r"\+1\d{10}\b|(?<!\d)\d{3}\)?[-. ]555[-. ]01\d\d"),
    "an email address": re.compile(r"[\w.+-]+@[\w-]+\.(example|test)"),
    "a survey's link": re.compile(r"/s/[0-9A-Za-z]{13}\b"),
    "an unsubscribe link": re.compile(r"/u/[a-z][a-z0-9-]*\.[\w-]{43}\b"),
    "a key": re.compile(r"whsec_[A-Za-z0-9+/=]{20,}"),
}


def leaks(text: str) -> list[str]:
    """Return what a text gives away, each with its surroundings."""
    found = []
    for what, pattern in SECRETS.items():
        match = pattern.search(text)
        if match:
            found.append(f"{what} in: …{text[max(0, match.start() - 80) : match.end() + 20]}…")
    return found


def leaks_in_logs(state: Path) -> list[str]:
    """Look through the logs of every function of a running city, and through the emulator's own."""
    texts = [*function_logs(state), (state / "emulator.log").read_text(errors="replace")]
    return [leak for text in texts for leak in leaks(text)]


def function_logs(state: Path) -> Iterator[str]:
    """Return every line that a function of the city has logged."""
    stack = read_stack(state / "stack.json")
    logs = client("logs", stack.aws_endpoint)
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            events = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            for part in events:
                yield from (event["message"] for event in part["events"])
