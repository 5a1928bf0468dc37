"""Calls to AWS, counted at botocore, with the capacity units that DynamoDB bills for them.

The emulator tells the units of a write by the sizes of its items, those of indexes among them. Of a read it tells only
whether that was consistent, so the sizes are taken from what came back: no store of ours filters or projects. A refused
write is billed too, which the emulator does not tell: such calls are counted apart, so that whoever has some sees it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from typing import Any

from msgspec import Struct, field

READS = frozenset({"BatchGetItem", "GetItem", "Query", "Scan"})
READ_BLOCK = 4096
"""Bytes of a read unit (Developer Guide, "Read and write operations")."""

Item = Mapping[str, Mapping[str, Any]]
"""An item as it travels: `{"name": {"S": "text"}, "version": {"N": "1"}}`."""


class Used(Struct):
    """The use of one step: how often it ran, in how many invocations; `memory` is the peak of one, in bytes."""

    times: int = 0
    invocations: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    read_units: float = 0
    write_units: float = 0
    log_bytes: int = 0
    memory: int = 0

    def add(self, other: "Used") -> None:
        """Count another's together with this one's."""
        self.times += other.times
        self.invocations += other.invocations
        self.calls += other.calls
        self.read_units += other.read_units
        self.write_units += other.write_units
        self.log_bytes += other.log_bytes
        self.memory = max(self.memory, other.memory)


class Meter:
    """Counts what botocore's clients do, and what is logged, while a step lasts."""

    def __init__(self) -> None:
        self.steps: defaultdict[str, Used] = defaultdict(Used)
        self._now = Used()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count towards a step until the block ends, once more."""
        self.steps[name].times += 1
        with self.counting(self.steps[name]):
            yield

    @contextmanager
    def counting(self, used: Used) -> Iterator[None]:
        """Count towards this until the block ends."""
        self._now = used
        yield
        self._now = Used()

    def listen(self, made: Any) -> Any:
        """Count the calls of a client, and return it."""
        made.meta.events.register("after-call.*.*", self._count)
        return made

    def count(self, call: str) -> None:
        """Count a call that is not made."""
        self._now.calls[call] += 1

    def write(self, line: str) -> None:
        """Count a line of the log, and the 26 bytes that CloudWatch adds to each."""
        self._now.log_bytes += len(line.encode()) + 26

    def _count(self, model: Any, parsed: Mapping[str, Any], **_: Any) -> None:
        self._now.calls[f"{model.name} refused" if "Error" in parsed else model.name] += 1
        told = parsed.get("ConsumedCapacity", ())
        units = sum(each["CapacityUnits"] for each in (told if isinstance(told, list) else [told] if told else ()))
        if model.name in READS:
            self._now.read_units += units * blocks(parsed.get("Items") or [parsed.get("Item", {})])
        else:
            self._now.write_units += units


def blocks(items: Iterable[Item]) -> int:
    """Return how many blocks one read bills, which are rounded up for all of its items together."""
    return max(1, ceil(sum(map(size, items)) / READ_BLOCK))


def size(item: Item) -> int:
    """Return an item's size in bytes: its names and its values in UTF-8."""
    return sum(len(name.encode()) + _size_of(value) for name, value in item.items())


def _size_of(value: Mapping[str, Any]) -> int:
    if "S" in value:
        return len(value["S"].encode())
    if "N" in value:
        return len(value["N"].strip("-").strip("0")) // 2 + 2
    return 1
