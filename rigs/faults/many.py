"""All towns, many side by side: most of the time one waits for an answer that does not come."""

import io
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct, field

from rigs.faults.judge import Verdict, judge
from rigs.faults.mailbox import Mailbox
from rigs.faults.place import placed
from rigs.faults.rules import rules
from rigs.faults.town import PROVIDERS, Town
from rigs.logged import logged_to
from tenfour.common.paths import BUILD

OF_A_TOWN, OF_A_CALM_TOWN = 100, 10
_PERSON = re.compile(r"\+1\d{10}|@people\.example|/s/[0-9A-Za-z]{13}")


class Found(Struct):
    """The results without faults and with all of them, and the injected faults by service and way."""

    calm: Verdict = field(default_factory=Verdict)
    stormy: Verdict = field(default_factory=Verdict)
    injected: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: int = 0

    @property
    def wrong(self) -> list[str]:
        """Return all that should not be."""
        return [*self.calm.wrong, *self.stormy.wrong]


def run(incidents: int, jobs: int, lived: Callable[[int], object]) -> Found:
    """Let towns live through their day, the first ones without faults, and judge them; `lived` hears of each.

    The calm ones live one after the other: msgspec's first look at a type is not safe among threads.
    """
    BUILD.mkdir(exist_ok=True)
    of_a_calm = max(1, min(OF_A_CALM_TOWN, incidents // 10))
    of_a_town = max(1, min(OF_A_TOWN, incidents // 2))
    found = Found()
    with (
        tempfile.TemporaryDirectory(dir=BUILD, prefix="faults-") as state,
        placed(Path(state)) as place,
        logged_to(log := io.StringIO()),
    ):
        mailbox = Mailbox(place.outbox)
        for number in range(len(PROVIDERS)):
            found.calm.add(_live(Town(place, mailbox, number, of_a_calm, calm=True)))
            lived(of_a_calm)
        for proxy in place.proxies:
            proxy.rules(rules())
        many = -(-(incidents - found.calm.incidents) // of_a_town)
        towns = [Town(place, mailbox, len(PROVIDERS) + number, of_a_town, calm=False) for number in range(many)]
        with ThreadPoolExecutor(jobs) as pool:
            for verdict in pool.map(_live, towns):
                found.stormy.add(verdict)
                lived(of_a_town)
        for proxy in place.proxies:
            found.injected.update(proxy.fired())
            found.requests += proxy.requests()
        leaks = [line for line in log.getvalue().splitlines() if _PERSON.search(line)]
        found.stormy.wrong += [f"a person is in the log: {line}" for line in leaks[:3]]
    return found


def _live(town: Town) -> Verdict:
    calm = town.calm
    town.live()
    return judge(town, calm=calm)
