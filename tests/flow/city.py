"""One agency over in-memory ports, as a test drives it: told something, then let happen what is due."""

from datetime import datetime

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.ports.carrier import SendFailed
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.world import MemoryPorts, MemorySender
from tests.factories import NOW, agency


class MoodySender(MemorySender):
    """A provider that fails as it is told to, one mood a message, and then does as it should."""

    def __init__(self, *moods: tuple[str, str]) -> None:
        super().__init__()
        self.moods = list(moods)

    def send(self, outgoing):
        if self.moods:
            raise SendFailed(*self.moods.pop(0))
        return super().send(outgoing)


class City(VirtualCity):
    """A virtual city that is told updates one at a time."""

    def __init__(self, rules=None, **ports) -> None:
        super().__init__(rules or agency())
        self.now = NOW
        for name, value in ports.items():
            setattr(self.ports, name, value)

    def tell(self, *updates, at: datetime | None = None, source: str = "wh"):
        """Post updates at an instant (that of the first one's as_of); what was due before happens before."""
        self.now = at or updates[0].as_of
        self.run_until(self.now)
        self.ports.tell_time(self.now)
        return receive_updates(updates, source, self.agency, self.ports, self.now)

    def row(self, kind: Kind, recipient: str = "1", number: str = "P26-1", ordinal: int = 0):
        """Return a notification as it stands."""
        key = NotificationKey(self.agency.agency_id, number, kind, recipient, ordinal)
        return self.ports.incidents.load(key.incident).rows.get(key)

    def texts(self, address: str | None = None) -> list[str]:
        """Return what was sent by text, in order, to everybody or to one."""
        return [item.body for item in self.ports.sms.outgoing if address in (None, item.address)]


def of_a_minute_ago(ports, older) -> None:
    """Let whoever asks for settings get older ones, as from a container's memory, unless later ones are needed."""
    newest = ports.settings.agency
    ports.settings.agency = lambda agency_id, at_least=0: older if older.version >= at_least else newest(agency_id)


def ports(**changes) -> MemoryPorts:
    """Return ports of one agency, at NOW."""
    world = MemoryPorts(agency())
    world.tell_time(NOW)
    for name, value in changes.items():
        setattr(world, name, value)
    return world
