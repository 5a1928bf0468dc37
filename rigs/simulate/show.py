"""Show the simulation's results: one table of 80 columns, and the story of one seed."""

from datetime import datetime
from itertools import zip_longest

from rich.table import Table
from rich.text import Text

from chalicelib.aws.stores.history import Story
from chalicelib.aws.stores.settings import Published
from chalicelib.domain.names import Kind
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.insight.explain.story import explain
from rigs.simulate.faults import Fault
from rigs.simulate.many import Tally, percentile
from rigs.simulate.play import Played
from rigs.simulate.promise import Promise
from tenfour.common.screen import Screen
from tenfour.operate.explain_show import show as show_story


def show(tally: Tally, took: float, console: Screen) -> None:
    """Print what all seeds came to."""
    title = f"{tally.seeds:,} seeds in {took:,.0f} s: {tally.updates:,} updates, {tally.taken:,} messages"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    table.add_column("promise", width=27, no_wrap=True)
    for name, width in (("checked", 9), ("broken", 7)):
        table.add_column(name, width=width, justify="right")
    table.add_column("fault", width=26, no_wrap=True)
    table.add_column("struck", width=7, justify="right")
    faults = [(fault.value, f"{tally.struck[fault]:,}") for fault in Fault]
    for promise, fault in zip_longest(_promises(tally), faults, fillvalue=("",) * 3):
        table.add_row(*promise, *fault[:2])
    console.print(table)


def _promises(tally: Tally) -> list[tuple[str, str, str]]:
    rows = [(one.value, f"{tally.checked[one]:,}", f"{tally.broken[one]:,}") for one in Promise]
    for words, found in (("late, p99, undisturbed", tally.on_time), ("late, p99, among faults", tally.late)):
        rows.append((words, f"{found.total():,}", f"{percentile(found, 0.99):,.1f} s"))
    return rows


def tell(played: Played, console: Screen) -> None:
    """Print a seed's story: each incident's as `explain` tells it, what went wrong, and what did not hold."""
    script, world = played.script, played.world
    agency = script.agency
    published = (Published(agency, "tenfour simulate", f"seed {played.seed}", script.start),)
    for record in sorted(world.memory_incidents.records(), key=lambda one: one.incident.incident_number):
        heard = tuple(world.memory_incidents.heard.get(record.incident.incident_number, ()))
        keys = [key for key in record.rows if key.kind is Kind.SURVEY]
        found = {key: world.memory_surveys.load(token_hash(survey_token(world.survey_secret, key))) for key in keys}
        surveys = {key: survey for key, survey in found.items() if survey}
        told = explain(Story(record=record, heard=heard), surveys, agency, published, at=world.loop.now)
        show_story(console, told, agency.zone)
        console.print()
    _show_faults(played, console)
    _show_verdict(played, console)


def _show_faults(played: Played, console: Screen) -> None:
    table = Table(title="What went wrong", title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    for name in ("when", "fault", "function", "call", "about"):
        table.add_column(name)
    for one in sorted(played.world.chaos.struck, key=lambda struck: struck.at):
        table.add_row(_time(one.at, played), one.fault.value, one.step, one.call, one.about)
    console.print(table if table.row_count else Text("Nothing went wrong.", style="bold"))


def _show_verdict(played: Played, console: Screen) -> None:
    watch = played.world.watch
    console.print()
    for broken in watch.broken:
        console.print(Text(f"BROKEN {_time(broken.at, played)} {broken.promise}: {broken.words}", style="bold red"))
    if not watch.broken:
        console.print(Text(f"Seed {played.seed}: every promise held, in {watch.checked.total():,} checks."))


def _time(at: datetime, played: Played) -> str:
    return f"{at.astimezone(played.script.agency.zone):%d %H:%M:%S}.{at.microsecond // 1000:03}"
