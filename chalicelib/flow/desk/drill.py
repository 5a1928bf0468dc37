"""Try whether a watcher is reached: ask for a drill, and note that its code came back."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.drill import answered, asked, code_of
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.world import Ports


@again_on_conflict()
def ask_drill(ports: Ports, agency_id: str, address: str, now: datetime) -> None:
    """Ask for a drill of an address; the next sweep sends it. Busy."""
    book = ports.settings.paging(agency_id)
    drills = asked(book.drills, address, code_of(ports.chance()), now)
    ports.settings.note_paging(agency_id, book, replace(book, drills=drills))


@again_on_conflict()
def answer_drill(ports: Ports, agency_id: str, code: str, by: str, now: datetime) -> bool:
    """Note that a drill reached somebody, and return whether one has that code; Busy."""
    book = ports.settings.paging(agency_id)
    drills = answered(book.drills, code, by, now)
    if drills is None:
        return False
    ports.settings.note_paging(agency_id, book, replace(book, drills=drills))
    return True
