"""A receiver that listens, on a clock that the senders move."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from chalicelib.insight.certify.read import read_run
from chalicelib.insight.certify.report import certify
from chalicelib.web import webhooks
from tenfour.certify.listen import listening
from tenfour.certify.receiver import Receiver
from tenfour.certify.recorded import as_line, read_recorded
from tenfour.certify.run import keys_of
from tenfour.certify.trouble import Troubles, read_troubles
from tenfour.certify.world import World, new_secret
from tests.factories import demo_agency
from tests.tenfour.certify.right import Clock

BEGAN = datetime(2026, 7, 14, 18, 0, tzinfo=UTC)
SLOW, VERY_SLOW = 0.1, 8.0


class Heard:
    """All that a receiver heard of a sender."""

    def __init__(self, secret, clock, receiver):
        self.secret, self.clock, self.receiver = secret, clock, receiver
        self.address = ""

    @property
    def posts(self):
        return self.receiver.posts

    @property
    def report(self):
        return certify(read_run(self.posts, self.clock.now(), live=True))

    def recorded(self, folder):
        """Return the report on the same requests, written to a file and read again."""
        file = folder / "requests.jsonl"
        file.write_text("".join(f"{as_line(post)}\n" for post in self.posts))
        posts = read_recorded(file, keys_of(self.secret))
        return certify(read_run(posts, self.clock.now()))


@pytest.fixture
def heard(monkeypatch):
    """Return a way to hear a sender play the script."""

    @contextmanager
    def listen(troubles, slow):
        clock, secret = Clock(BEGAN), new_secret()
        monkeypatch.setattr(webhooks, "now", clock.now)
        receiver = Receiver(World(demo_agency(), secret, "b" * 32), clock.now, troubles)
        one = Heard(secret, clock, receiver)
        with listening(receiver, slow=slow) as one.address:
            yield one

    def hear(sender, troubles="all"):
        slow = VERY_SLOW if sender.patience < VERY_SLOW else SLOW
        with listen(Troubles(read_troubles(troubles)), slow) as one:
            sender(one.address, one.secret, one.clock).play()
        return one

    return hear
