"""Try whether a watcher is reached: ask for a drill, and note the codes that come back."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.drill import Entry, asked, code_of, entered
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.world import Ports


@again_on_conflict()
def ask_drill(ports: Ports, agency_id: str, address: str, now: datetime) -> None:
    """Ask for a drill of an address; the next sweep sends it. Busy."""
    book = ports.settings.paging(agency_id)
    drills = asked(book.drills, address, code_of(ports.chance()), now)
    ports.settings.note_paging(agency_id, book, replace(book, drills=drills))


@again_on_conflict()
def enter_code(ports: Ports, agency_id: str, code: str, by: Author, now: datetime) -> Entry:
    """Note what becomes of a code that somebody entered, and return it; Busy. A try too many writes nothing."""
    book = ports.settings.paging(agency_id)
    found = entered(book.drills, book.tries, code, by.written, by.by, now)
    after = replace(book, drills=found.drills, tries=found.tries)
    if found.what is not Entry.TOO_MANY and after != book:
        ports.settings.note_paging(agency_id, book, after)
    return found.what
