"""The desk's pages over a table that holds years of calls: the same calls and units as over an evening's.

An emulator of its own holds the tables. Calls of the last hours, and one of those that are open, come by the flow; the
others are copies of their items under other keys and instants. A closed one has its keys and what the indexes hold, and
no document, since no page but its own reads one. `make stored` fills in a million, in about the time that it says.

    TENFOUR_STORED=1000000 TENFOUR_OPEN=25000 python -m pytest -s -m whole tests/whole/test_stored.py
"""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.tables import INCIDENT, SessionItem, bind, due_shard, instant
from chalicelib.carriers.tools import Carriers
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.recent import shard_of
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.desk import Desk
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.desk.lately import HOURS
from chalicelib.virtual.world import MemoryQueue
from chalicelib.web.desk import door
from chalicelib.web.desk.request import read_request
from chalicelib.wiring import Aws
from rigs.city.emulator import emulator, free_port
from rigs.city.storage import furnish
from rigs.meter import Meter
from tenfour.common.reach import client, tables_at
from tests.factories import agency, call, caller
from tests.web.desk.conftest import sign_in
from tests.web.desk.world import HOST, request
from tests.whole.people import now

pytestmark = pytest.mark.whole

STORED, OPEN = int(os.environ.get("TENFOUR_STORED", "10000")), int(os.environ.get("TENFOUR_OPEN", "500"))
STORM = 4000
"""Open calls of the hours that are counted: more than a page reads of any part of the index, twice."""

CALLS = 60
"""What the evening brought; the other tables are measured against one that has nothing else."""

KEPT = timedelta(days=730)
PAGES = ("", "/waiting", "/pause", "/resume", "/incident", "/incident?number=D1", "/incident?number=D999")
"""Pages of an agency: the last two look a call up, which is noted. There is none of the last number."""


class World:
    """Tables on an emulator of their own, an agency with an evening's calls, and somebody at its desk."""

    def __init__(self, endpoint):
        self.client = client("dynamodb", endpoint)
        config = furnish(endpoint, f"stored-{uuid4().hex[:8]}", Carriers())
        config = replace(config, sessions_table=f"{config.incidents_table}-sessions")
        sessions = bind(SessionItem, config.sessions_table, tables_at(endpoint))
        sessions.create_table(wait=True, billing_mode="PAY_PER_REQUEST")
        queue, self.table = MemoryQueue(), config.incidents_table
        queue.now = now()
        made = {"queue": queue, "senders": {}}
        reach = lambda name, config=None: client(name, endpoint, config)  # noqa: E731
        self.at = now()
        self.aws = Aws(config, lambda: self.at, reach, tables_at(endpoint), **made)
        desk = Desk(roles={"all": tuple(Role)})
        self.agency = self.aws.settings.publish(agency(agency_id="denver", desk=desk), "tests", "", now())
        self.meter, self.cookie = Meter(), uuid4().hex
        self.meter.listen(self.aws.connection.client)
        sign_in(self, self.cookie)
        for number in range(CALLS):
            self.tell(f"D{number}", minutes=number)

    def tell(self, number, minutes):
        at = self.at - timedelta(minutes=minutes)
        told = call("NOISE", {"1": caller()}, at, incident_number=number, beat="12")
        receive_updates([told], told.update_id, self.agency, self.aws, at)

    def items(self, number):
        """Return an incident's items as they are stored, without its history."""
        pk = f"denver#{number}"
        found = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND sk >= :sk",
            ExpressionAttributeValues={":pk": {"S": pk}, ":sk": {"S": INCIDENT}},
        )
        return found["Items"]

    def fill(self, closed, first):
        """Store so many closed calls more, of two years, long before the hours that the first page counts."""
        kept = next(item for item in self.items("D1") if item["sk"]["S"] == INCIDENT)
        bare = {**{name: value for name, value in kept.items() if name != "document"}, "state": {"S": "closed"}}
        last, years = self.at - timedelta(days=4), KEPT - timedelta(days=5)
        self.write(copied(bare, f"O{first + each}", last - years * (each / closed)) for each in range(closed))

    def open(self, how_many, name, last, long):
        """Store so many open calls with their messages, which began within a time that ended at `last`."""
        whole = self.items("D1")
        began = [(f"{name}{each}", last - long * (each / how_many)) for each in range(how_many)]
        self.write(copied(item, *one) for one in began for item in whole)

    def write(self, items):
        with ThreadPoolExecutor(4) as pool:
            for together in batched(batched(items, 25), 400):  # so that not all of them wait in memory
                list(pool.map(self._write, together))

    def _write(self, items):
        wanted = {self.table: [{"PutRequest": {"Item": item}} for item in items]}
        while wanted:
            wanted = self.client.batch_write_item(RequestItems=wanted)["UnprocessedItems"]

    def cost(self, page):
        """Return the calls and units of one look at a page, once the container knows the settings."""
        path, _, number = page.partition("?number=")
        asked = request("GET", f"/desk/denver{path}", cookie=self.cookie, query={"number": number} if number else None)
        given = read_request(asked, HOST)
        door.visited(given, self.aws)
        self.at += timedelta(milliseconds=1)  # a look of the same instant is noted already
        name = uuid4().hex
        with self.meter.step(name):
            answer = door.visited(given, self.aws)
        used = self.meter.steps[name]
        assert answer.status in {200, 404}, page
        return answer.status, dict(used.calls), used.read_units, used.write_units


def batched(items, size):
    """Yield items by so many: the standard library has it from Python 3.12 on."""
    items = iter(items)
    while some := tuple(islice(items, size)):
        yield some


def copied(item, number, at):
    """Return an item of an incident as that of another one, which began at another instant."""
    pk = f"denver#{number}"
    moved = {
        **item,
        "pk": {"S": pk},
        "day": {"S": f"denver#{at.date().isoformat()}#{shard_of(pk)}"},
        "began": {"S": f"{instant(at)}#{number}"},
    }
    if "due_shard" in item:
        moved |= {"due_shard": {"S": due_shard(pk)}, "send_at": {"S": instant(now() + timedelta(days=1))}}
    return moved


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return it with a clock that all but stands: no day ends, and nothing cached grows old while it is filled."""
    with (
        emulator(tmp_path_factory.mktemp("stored"), free_port(), {}) as endpoint,
        pytest.MonkeyPatch.context() as stands,
    ):
        made = World(endpoint)
        stands.setattr(door, "now", lambda: made.at)
        yield made


def test_a_page_costs_the_same_over_years_of_calls_as_over_an_evening(world):
    evening, began, stored, found = {page: world.cost(page) for page in PAGES}, now(), 0, {}
    world.open(OPEN, "P", world.at - timedelta(hours=25), timedelta(days=2))
    for size in (STORED // 100, STORED // 10, STORED):
        world.fill(size - stored, stored)
        stored = size
        found[size] = {page: world.cost(page) for page in PAGES}
        print(f"{size:,} stored, {OPEN:,} open, {now() - began}:", *found[size].items(), sep="\n  ")

    assert world.client.describe_table(TableName=world.table)["Table"]["ItemCount"] > STORED + OPEN
    assert world.aws.incidents.load(IncidentKey("denver", "P0")).rows
    assert {size: pages for size, pages in found.items() if pages != evening} == {}


def test_what_was_stored_is_in_the_indexes(world):
    """Otherwise the test before would have filled a table beside the pages."""
    page = world.aws.recent.of("denver", world.at - KEPT, world.at - timedelta(days=4), most=10)

    assert {one.state for one in page.found} == {"closed"}
    assert sum(1 for _ in world.aws.incidents.due(now() + timedelta(days=2))) >= OPEN


def test_a_storm_in_the_hours_that_are_counted_has_an_end_to_what_it_costs(world):
    """The first page and the pause look at a thousand entries, and read as many of each part of the index at most."""
    costs = []
    for half in "ST":
        world.open(STORM // 2, half, world.at, timedelta(hours=HOURS) * 0.9)
        costs.append({page: world.cost(page) for page in PAGES})
        print("storm:", *costs[-1].items(), sep="\n  ")

    assert costs[0] == costs[1]
    assert costs[0]["/waiting"] == world.cost("/waiting")
