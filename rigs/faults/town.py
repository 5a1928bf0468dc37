"""One town on a clock that jumps: its dispatch system, its callers, and what AWS does around our functions."""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.aws.tables import SHARDS, due_shard, instant
from chalicelib.carriers.tools import Carriers
from chalicelib.domain.settings.providers import Providers
from chalicelib.virtual.carrier import Behaviour, InboundText
from chalicelib.wiring import Aws
from rigs.carrier_simulator.events import encode, two_way_message
from rigs.city.storage import furnish
from rigs.faults.container import Doom, Killed, container
from rigs.faults.found import not_found
from rigs.faults.functions import Functions
from rigs.faults.hints import Hints
from rigs.faults.mailbox import Mailbox
from rigs.faults.place import TWILIO, Place
from rigs.faults.stories import Story, stories
from rigs.flood.city import START, flooded
from tenfour.common.reach import client

MINUTE = timedelta(minutes=1)
OVER, LASTS = 30 * MINUTE, 115 * MINUTE
"""Calls come for half an hour; after that long all has been told and faults end."""

MOST = 500
"""Incidents of a town."""

VISIBILITY, MOST_RECEIVES = timedelta(seconds=360), 5
"""As the stack's queues have them (a test compares)."""

PROVIDERS = (("end_user_messaging",), ("twilio",), ("end_user_messaging", "twilio"), ("sns",))
KILLED, LONGEST_LIFE = 0.03, 10
"""How often a function is killed, and before or after which of its calls at the latest."""

ANSWER_LOST, OUT_OF_ORDER, HANDED_TWICE, LATE_RECEIPT = 0.05, 0.1, 0.05, 0.05
CLOCKS_OFF = 2.0
POISONED = 5
"""One town in so many has a row that nobody can read."""

MOODS: tuple[Behaviour, ...] = ("throttle", "accept_then_drop", "fail")
"""How carriers treat some callers, once."""


class Town:
    """So many incidents of one agency with a stack's storage of its own; a calm one meets no faults."""

    def __init__(
        self, place: Place, mailbox: Mailbox, number: int, many: int, *, calm: bool, every: timedelta = MINUTE
    ) -> None:
        self.dice = random.Random(number)  # noqa: S311  faults, not secrets
        self.place, self.calm, self.now = place, calm, START
        self._number, self._every = number, every
        self._mailbox, self._events, self._order = mailbox, list[tuple[datetime, int, Callable[[], None]]](), count()
        self.providers = PROVIDERS[number % len(PROVIDERS)]
        texting = replace(flooded().numbers, sms_from=f"+1303555{1000 + number}")
        wanted = replace(
            flooded(), agency_id=f"town-{number}", numbers=texting, providers=Providers(sms=self.providers)
        )
        self.config = furnish(place.straight.aws, f"town-{number}", Carriers(twilio=TWILIO))
        self.doom, self.counted, self.dead = Doom(), Counter[str](), list[str]()
        self.lost = list[str]()
        self.hints = Hints(place.straight.aws, self.config.hints_queue, lambda: self.now)
        self.agency = self.straight().settings.publish(wanted, "faults", "faults", START)
        self.stories = list(stories(self.dice, many, number * MOST, START + MINUTE, OVER))
        self.acked: set[str] = set()
        self.functions = Functions(self.agency, lambda: self.now)
        self._eyes = self.straight()
        self._aws: Aws | None = None
        stopped = START + self.dice.uniform(20, 60) * MINUTE
        self.no_sweep = (stopped, stopped + (timedelta() if calm else 10 * MINUTE))

    def live(self) -> None:
        """Let everything happen, then let the weather clear and what is left be brought to its end."""
        for story in self.stories:
            self._tell(story)
        for minute in range(0, LASTS // MINUTE, 2):
            self.at(START + minute * MINUTE, self._beat)
        if not self.calm and self._number % POISONED == 1:
            self.at(START + 90 * MINUTE, self.poison)
        self.at(START, self._sweep)
        self._run()
        self.calm = True
        self.forget()
        while due := self._next_due():
            self.now = max(self.now, due)
            self._beat()
            self._sweep()
            self._run()

    def straight(self) -> Aws:
        """Return the ports without faults, for those who look."""
        return container(self.config, self.place.straight, Doom(), lambda: self.now, patient=True)

    def forget(self) -> None:
        """Let the next function start in a new container."""
        self._aws = None

    def at(self, instant: datetime, event: Callable[[], None]) -> None:
        """Let something happen at an instant."""
        heapq.heappush(self._events, (instant, next(self._order), event))

    def poison(self) -> None:
        """Put a row into the index that nobody can read."""
        item = {"pk": f"{self.agency.agency_id}#POISON", "sk": "notification#delay#1#0", "document": "{"}
        item |= {"due_shard": due_shard(item["pk"]), "send_at": instant(self.now)}
        self._database().put_item(
            TableName=self.config.incidents_table, Item={name: {"S": text} for name, text in item.items()}
        )

    def cure(self) -> None:
        """Take the row away that nobody can read."""
        key = {"pk": {"S": f"{self.agency.agency_id}#POISON"}, "sk": {"S": "notification#delay#1#0"}}
        self._database().delete_item(TableName=self.config.incidents_table, Key=key)

    def invoke(self, step: str, act: Callable[[Aws, datetime], Any]) -> Any:
        """Run a function; return what it returns, or None where it failed or was killed."""
        if self._aws is None:
            ways = self.place.straight if self.calm else self.place.faulty
            self._aws = container(self.config, ways, self.doom, lambda: self.now, patient=self.calm, hints=self.hints)
            self._off = timedelta(seconds=0 if self.calm else self.dice.uniform(-CLOCKS_OFF, CLOCKS_OFF))
        self.doom.steps = self.dice.randrange(LONGEST_LIFE) if self._strikes(KILLED) else None
        self.counted[step] += 1
        try:
            done = act(self._aws, self.now + self._off)
        except Killed:
            self._aws = None
            self.counted["killed"] += 1
            self.lost += not_found(self._eyes, self.agency.agency_id, self.now, people=False)
            return None
        except Exception:  # noqa: BLE001  the boundary of one function
            self.counted["failed"] += 1
            return None
        finally:
            self.doom.steps = None
            self._collect()
        return done

    def _run(self) -> None:
        while self._events:
            at, _, event = heapq.heappop(self._events)
            self.now = max(self.now, at)
            event()

    def _tell(self, story: Story) -> None:
        address = story.phone or story.email
        if not self.calm and self.dice.random() < 2 * ANSWER_LOST:
            moods = MOODS if story.phone else MOODS[:-1]  # a bounce ends a mailbox: nothing would be due any more
            self.place.carrier.set_behaviour(address, self.dice.choice(moods), 1)
        for place, word in enumerate(story.words):
            at = story.at + word.after
            facts = {name: at.isoformat() if value is None else value for name, value in word.facts.items()}
            update = {"incident_number": story.number, "as_of": at.isoformat(), **facts}
            late = self.dice.uniform(0, 240) if self._strikes(OUT_OF_ORDER) else 0
            self.at(at + timedelta(seconds=late), self._post(update, f"{story.number}-{place}"))
        if story.stops_after:
            self.at(story.at + story.stops_after, lambda: self._text(story.phone, "STOP"))

    def _post(self, update: Mapping[str, Any], name: str) -> Callable[[], None]:
        """Return the posting of a webhook: again until it is answered by a 2xx, as a vendor must."""
        body = msgspec.json.encode({"updates": [update]})

        def post() -> None:
            taken = self.invoke("receive", lambda aws, now: self.functions.receive(body, name, aws, now))
            if taken and not self._strikes(ANSWER_LOST):
                self.acked.add(name)
            else:
                self.at(self.now + timedelta(seconds=self.dice.uniform(2, 60)), post)

        return post

    def _text(self, phone: str, words: str) -> None:
        text = InboundText(sender=phone, body=words, at="")
        body = encode(two_way_message(text, self.agency.numbers.sms_from))
        self._message("record_reply", body, self.functions.reply)

    def _beat(self) -> None:
        self.invoke("heartbeat", lambda aws, _: aws.settings.note_feed(self.agency.agency_id, self.now))

    def _sweep(self) -> None:
        if not self.no_sweep[0] <= self.now < self.no_sweep[1]:
            self.invoke("sweep", self.functions.sweep)
        if self.now < START + LASTS:
            self.at(self.now + self._every, self._sweep)

    def _collect(self) -> None:
        """Hand on what was left in the queue, and what carriers have to say."""
        for body, due in self.hints.come():
            late = self.dice.uniform(0, 30) if self._strikes(OUT_OF_ORDER) else self.dice.uniform(0, 0.5)
            self._message("deliver", body, self.functions.deliver, due + timedelta(seconds=late))
        for body in self._mailbox.take(self.agency.agency_id, self.now):
            late = self.dice.uniform(60, 2700) if self._strikes(LATE_RECEIPT) else self.dice.uniform(1, 20)
            self._message("record_receipt", body, self.functions.receipt, self.now + timedelta(seconds=late))

    def _message(
        self, step: str, body: str, function: Callable[..., bool], at: datetime | None = None, seen: int = 0
    ) -> None:
        """Hand a message to a function, once more where that fails, and now and then although it does not."""

        def come() -> None:
            if self.invoke(step, lambda aws, now: function(body, aws, now)):
                return
            if seen + 1 < MOST_RECEIVES:
                self._message(step, body, function, self.now + VISIBILITY, seen + 1)
            else:
                self.dead.append(f"{step} {body}")

        at = at or self.now
        self.at(at, come)
        if not seen and self._strikes(HANDED_TWICE):
            self.at(at + timedelta(seconds=self.dice.uniform(0, 90)), come)

    def _next_due(self) -> datetime | None:
        """Return when the index next has something due that can be read."""
        found = []
        for shard in range(SHARDS):
            answer = self._database().query(
                TableName=self.config.incidents_table,
                IndexName="due",
                KeyConditionExpression="due_shard = :shard",
                ExpressionAttributeValues={":shard": {"S": str(shard)}},
                Limit=2,
            )
            found += [item["send_at"]["S"] for item in answer["Items"] if "#POISON" not in item["pk"]["S"]]
        return datetime.fromisoformat(min(found)) if found else None

    def _database(self) -> Any:
        if not hasattr(self, "_looking"):
            self._looking = client("dynamodb", self.place.straight.aws)
        return self._looking

    def _strikes(self, share: float) -> bool:
        return not self.calm and self.dice.random() < share
