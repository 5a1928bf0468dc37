from contextlib import ExitStack

import pytest

from ops.local.carrier import server
from ops.local.carrier.carrier import Carrier
from ops.local.carrier.server import Doors, Outbox
from ops.local.serve import address, bound_socket, serving
from tests.outbound.simulator import Simulator


@pytest.fixture
def simulator(monkeypatch):
    monkeypatch.setattr(server, "LONGER_THAN_ANY_READ", 2.0)
    outbox, carrier = Outbox(), Carrier()
    with ExitStack() as up:
        door = bound_socket(0)
        up.enter_context(serving(Doors(carrier, outbox, lambda: "+13035550199").app(), door))
        yield Simulator(address(door), outbox, carrier)
