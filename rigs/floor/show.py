"""Show what many triples came to, and the story of one seed."""

from rigs.floor.many import Tally
from rigs.floor.play import play
from tenfour.common.screen import Screen


def show(tally: Tally, first: int, took: float, console: Screen) -> None:
    """Print what all stories came to."""
    last = first + tally.stories - 1
    console.print(f"{tally.triples:,} triples in {took:,.0f} s: seeds {first:,} to {last:,}")
    console.print(f"{tally.sent:,} messages went, each of which the documents allow; {tally.owed:,} had to go.")
    console.print(f"{len(tally.broken):,} seeds with a violation.")


def tell(seed: int, console: Screen) -> bool:
    """Print a seed's story and what did not hold in it; tell whether something did not."""
    played = play(seed)
    story = played.story
    settings = {name: value for name, value in played.raw.items() if name != "judgements"}
    console.print(f"Settings: {settings}")
    console.print(
        f"Begins {story.start:%d %b %H:%M} UTC; functions are {story.lag} s late, hints lost: {story.hints_lost}"
    )
    for event in story.events:
        when = "after an outage" if event.down else f"at a {event.at}" if event.at else ""
        console.print(f"  {event.minutes:g} min later {when} {event.act}")
    for problem in played.broken:
        console.print(f"BROKEN {problem}", style="bold red")
    if not played.broken:
        console.print(f"Seed {seed}: {played.sent} messages went, and every rule held.")
    return bool(played.broken)
