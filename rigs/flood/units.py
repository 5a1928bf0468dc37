"""What DynamoDB bills: units by the sizes of items (Developer Guide, "Read and write operations", "Item sizes")."""

from collections.abc import Iterable
from math import ceil

from rigs.flood.expressions import Item, Value

READ_BLOCK, WRITE_BLOCK = 4096, 1024
_INDEX_ENTRY = 100
"""Bytes that an index needs for each of its items."""


def size(item: Item) -> int:
    """Return an item's size in bytes: its names and its values in UTF-8."""
    return sum(len(name.encode()) + _size_of(value) for name, value in item.items())


def read_units(items: Iterable[Item], *, consistent: bool) -> float:
    """Return the units of one Query or GetItem, which are rounded up for all of its items together."""
    blocks = max(1, ceil(sum(map(size, items)) / READ_BLOCK))
    return blocks * (1.0 if consistent else 0.5)


def write_units(before: Item, after: Item, *, in_transaction: bool) -> float:
    """Return the units of one write, or of a transaction's check, by the larger of both sizes."""
    blocks = max(1, ceil(max(size(before), size(after)) / WRITE_BLOCK))
    return blocks * (2.0 if in_transaction else 1.0)


def index_units(before: Item, after: Item) -> float:
    """Return the units by which an index of keys follows a write: an entry that moves is taken out and put in."""
    if before == after:
        return 0.0
    return float(sum(ceil((size(entry) + _INDEX_ENTRY) / WRITE_BLOCK) for entry in (before, after) if entry))


def _size_of(value: Value) -> int:
    if "S" in value:
        return len(value["S"].encode())
    if "N" in value:
        return len(value["N"].strip("-").strip("0")) // 2 + 2
    return 1
