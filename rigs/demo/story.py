"""The whole story in one command: a city's calls become texts, people answer, and a figure comes out."""

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct
from rich.table import Table

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import Result
from chalicelib.insight.replay.outcome import line
from chalicelib.virtual.extract import Message
from chalicelib.virtual.town.calls import generate
from rigs.city.city import local_city
from rigs.city.inside import Inside
from rigs.city.people import people
from tenfour.common.reach import Stack
from tenfour.common.screen import Screen
from tenfour.common.terminal import progress
from tenfour.figures.local import LocalLake, download
from tenfour.rehearse.replay_show import show
from tenfour.rehearse.vendor import Vendor, wait_until

INCIDENTS = 60
OVER = timedelta(seconds=25)
SPEED = 90.0
"""20 seconds stand for the 30 minutes after which a caller hears that officers are late."""

LONGEST = timedelta(seconds=55)
"""Later posts are left out: the demo ends within two minutes."""

RECORDS_LATER = timedelta(seconds=3)
SENT_TWICE, OUT_OF_ORDER = 0.05, 0.05
SETTLES_WITHIN = 45.0
WEEK = timedelta(days=7)


class Post(Struct, frozen=True):
    """One update that a dispatch (`cad`) or records system (`rms`) posts, so long after the start."""

    after: timedelta
    feed: str
    update: dict[str, Any]


def demo(agency: Agency, state: Path, port: int, seed: int, stay: bool, console: Screen) -> None:
    """Run the demo and print what came of it; stay up until Ctrl-C where somebody watches."""
    with contextlib.ExitStack() as up:
        with console.status(f"Bringing up {agency.name}: an AWS emulator, the packaged stack, the carriers …"):
            stack = up.enter_context(local_city(agency, state, port))
        console.print(f"{agency.name} is up. Its callers' phones: {stack.carrier}\n")
        with people(agency, stack.carrier, seed):
            play(stack, seed, console)
            with console.status("Waiting for the last texts and answers …"):
                settle(stack)
        report(stack, console)
        console.print(f"\nThe phones, as threads: {stack.carrier}")
        if stay:
            show_desk(stack, console)
            console.print("The city stays up; Ctrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()


def show_desk(stack: Stack, console: Screen) -> None:
    """Print where the desk is, and who may sign in there: accounts of this city alone, which end with it."""
    console.print(f"The desk: {stack.desk}")
    table = Table("sign in as", "password", "roles")
    for person in stack.people:
        table.add_row(person.username, person.password, ", ".join(person.roles))
    console.print(table)


def script(seed: int, start: datetime) -> list[Post]:
    """Return what the city's systems post, in the order of posting: some twice, some out of order."""
    dice = random.Random(seed)  # noqa: S311  a city, not a secret
    posts: list[Post] = []
    for case in generate(seed, INCIDENTS, start, OVER, SPEED):
        for message in case.messages:
            posts += _posts(message, start, dice)
    soon = [post for post in posts if post.after <= LONGEST]
    return sorted(soon, key=lambda post: post.after)


def _posts(message: Message, start: datetime, dice: random.Random) -> Iterator[Post]:
    """Return a message as posts; a case number comes from the records system, a little later."""
    update, after = dict(message.body), message.at - start
    case_numbers = update.pop("case_numbers", None)
    if dice.random() < OUT_OF_ORDER:
        after += timedelta(seconds=2)
    yield Post(after, "cad", update)
    if dice.random() < SENT_TWICE:
        yield Post(after + timedelta(seconds=1), "cad", update)
    if case_numbers:
        told = {"incident_number": update["incident_number"], "as_of": message.at, "case_numbers": case_numbers}
        yield Post(after + RECORDS_LATER, "rms", told)


def play(stack: Stack, seed: int, console: Screen) -> None:
    """Post the script, each update at its time."""
    start = datetime.now(UTC) + timedelta(seconds=1)
    posts = script(seed, start)
    vendors = {feed: Vendor(stack, feed) for feed in ("cad", "rms")}
    _set_moods(stack)
    with progress(console) as bar:
        task = bar.add_task("An hour of the city in a minute", total=len(posts))
        for post in posts:
            time.sleep(max(0.0, (start + post.after - datetime.now(UTC)).total_seconds()))
            vendors[post.feed].post([post.update]).raise_for_status()
            bar.advance(task)


def settle(stack: Stack) -> None:
    """Wait until nothing is due any more, every text has its receipt, and every answer is in the lake."""
    inside = Inside(stack)
    wait_until(lambda: all(map(_at_rest, inside.records())), SETTLES_WITHIN, every=2)
    time.sleep(6)  # the longest that a change waits for company before it is exported
    inside.compact()


def _at_rest(record: IncidentRecord) -> bool:
    return not any(row.awaits or row.state == "sent" for row in record.rows.values())


def report(stack: Stack, console: Screen) -> None:
    """Print the counts, and what people answered, from the same lake and the same query as an analyst's."""
    lines = [line(record) for record in Inside(stack).records()]
    show(console, lines, ())
    with tempfile.TemporaryDirectory() as folder:
        download(stack, Path(folder))
        today = datetime.now(UTC).date()
        found = LocalLake(Path(folder)).query(query("satisfaction").during(today - WEEK, today + WEEK))
    console.print(satisfaction(found) if found.rows else "Nobody has answered the survey.")


def satisfaction(found: Result) -> Table:
    """Return the figures as a table; what chance gave people has a column while an experiment is on."""
    told = found.dicts()
    table = Table("question", title="how people say it went", title_justify="left")
    shown = ["question", "answers", "mean_mark", "percent_favourable"]
    if any(figure["arm"] for figure in told):
        table.add_column("experiment")
        shown.insert(1, "arm")
    for heading in ("answers", "mean of 5", "% 4 or 5"):
        table.add_column(heading, justify="right")
    for figure in told:
        table.add_row(*(str(figure[name]) for name in shown))
    return table


def _set_moods(stack: Stack) -> None:
    """Let a few phones be what phones sometimes are: out of reach, or on a wall."""
    moods = {"+12015550104": "fail", "+12015550111": "landline"}
    for number, mood in moods.items():
        httpx.post(f"{stack.carrier}/behaviour", json={number: mood, "times": 1}).raise_for_status()
