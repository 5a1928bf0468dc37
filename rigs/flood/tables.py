"""DynamoDB's tables in memory, answering the calls that our stores make; every other call is refused."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from rigs.flood.expressions import Item, Reader, Unsupported
from rigs.flood.units import index_units, read_units, size, write_units
from tenfour.stack.template import merged

PAGE = 1_000_000
"""Bytes after which a Query ends with a page (a Query's limit is 1 MB)."""

Request = Mapping[str, Any]
Key = tuple[str, str]


class Refusal(Exception):
    """A call that DynamoDB does not do; what it answers instead."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.answer = {"Error": {"Code": code, "Message": code}, **more}


class Consumed(Struct):
    """Capacity units."""

    read: float = 0
    write: float = 0


class Table(Struct):
    """One table: its items by key, and an index of keys, if it has one."""

    names: tuple[str, ...]
    index: tuple[str, ...] = ()
    items: dict[Key, Item] = field(default_factory=dict)
    sorted_keys: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, list[tuple[str, Key]]] = field(default_factory=dict)

    def key_of(self, item: Item) -> Key:
        """Return an item's key; a table without a sort key has an empty one."""
        return (item[self.names[0]]["S"], item[self.names[1]]["S"] if self.names[1:] else "")

    def put(self, key: Key, item: Item) -> None:
        """Replace what is at a key; nothing takes it away."""
        before = self.items.get(key, {})
        if item and not before:
            insort(self.sorted_keys.setdefault(key[0], []), key[1])
        if before and not item:
            self.sorted_keys[key[0]].remove(key[1])
        self._reindex(key, before, item)
        self.items.pop(key, None)
        if item:
            self.items[key] = item

    def entry(self, item: Item) -> Item:
        """Return what the index keeps of an item, or nothing."""
        if not self.index or not all(name in item for name in self.index):
            return {}
        return {name: item[name] for name in (*self.names, *self.index)}

    def partition(self, name: str, after: Item | None) -> Iterator[Item]:
        """Yield a partition's items in the order of their sort keys, after one of them."""
        keys = self.sorted_keys.get(name, [])
        for place in range(bisect_right(keys, self.key_of(after)[1]) if after else 0, len(keys)):
            yield self.items[name, keys[place]]

    def indexed(self, name: str, after: Item | None) -> Iterator[Item]:
        """Yield a partition of the index in its order, after one of its entries."""
        entries = self.entries.get(name, [])
        last = (after[self.index[1]]["S"], self.key_of(after)) if after else None
        for place in range(bisect_right(entries, last) if last else 0, len(entries)):
            yield self.entry(self.items[entries[place][1]])

    def _reindex(self, key: Key, before: Item, after: Item) -> None:
        for item, is_new in ((before, False), (after, True)):
            if not self.entry(item):
                continue
            shard, place = self.entries.setdefault(item[self.index[0]]["S"], []), (item[self.index[1]]["S"], key)
            if is_new:
                insort(shard, place)
            else:
                del shard[bisect_left(shard, place)]


class Database:
    """The tables of a stack, as its template declares them, under the template's own names."""

    def __init__(self) -> None:
        declared = merged()["Resources"]
        self.tables = {name: _table(each) for name, each in declared.items() if each.get("Type") == _TABLE}
        self.consumed = Consumed()

    def answer(self, operation: str, request: Request) -> dict[str, Any]:
        """Do what a call asks and return its answer; Refusal."""
        match operation:
            case "Query":
                return self._query(request)
            case "GetItem":
                return self._get(request)
            case "PutItem" | "UpdateItem" | "DeleteItem":
                (new,) = self._write([(operation.removesuffix("Item"), request)], in_transaction=False)
                return {"Attributes": new} if request.get("ReturnValues") == "ALL_NEW" else {}
            case "TransactWriteItems":
                writes = [(kind, write) for each in request["TransactItems"] for kind, write in each.items()]
                self._write(writes, in_transaction=True)
                return {}
            case "DescribeTable":
                return {"Table": {"TableName": request["TableName"], "TableId": request["TableName"]}}
        raise Unsupported(operation)

    def _get(self, request: Request) -> dict[str, Any]:
        table = self.tables[request["TableName"]]
        item = table.items.get(table.key_of(request["Key"]), {})
        self.consumed.read += read_units([item], consistent=request.get("ConsistentRead", False))
        return {"Item": item} if item else {}

    def _query(self, request: Request) -> dict[str, Any]:
        table, reader = self.tables[request["TableName"]], Reader(request)
        if request.keys() & _NOT_ANSWERED:
            raise Unsupported(", ".join(request.keys() & _NOT_ANSWERED))
        found, bytes_read, last = list[Item](), 0, None
        candidates = self._candidates(table, reader, request)
        for item in candidates if request.get("ScanIndexForward", True) else reversed(list(candidates)):
            found.append(item)
            bytes_read += size(item)
            if bytes_read > PAGE:
                last = {name: item[name] for name in table.entry(item) or table.names}
                break
        self.consumed.read += read_units(found, consistent=request.get("ConsistentRead", False))
        answer = {"Items": found, "Count": len(found), "ScannedCount": len(found)}
        return {**answer, "LastEvaluatedKey": last} if last else answer

    def _candidates(self, table: Table, reader: Reader, request: Request) -> Iterator[Item]:
        """Yield what a key condition names of a partition, or of the index, after the key with which a page ended."""
        condition, after = request["KeyConditionExpression"], request.get("ExclusiveStartKey")
        found = table.indexed if "IndexName" in request else table.partition
        held = False
        for item in found(_partition(request), after):
            if reader.holds(condition, item):
                held = True
                yield item
            elif held:
                return  # what a key condition names is one range

    def _write(self, writes: list[tuple[str, Request]], *, in_transaction: bool) -> list[Item]:
        """Write all or nothing, and return the items as they are then; Refusal."""
        planned, reasons = [], []
        for kind, request in writes:
            table, reader = self.tables[request["TableName"]], Reader(request)
            key = table.key_of(request["Item"] if kind == "Put" else request["Key"])
            before = table.items.get(key, {})
            held = reader.holds(request.get("ConditionExpression"), before)
            after = _after(kind, request, reader, before)
            self.consumed.write += write_units(before, after, in_transaction=in_transaction)
            reasons.append({"Code": "None" if held else "ConditionalCheckFailed"})
            planned.append((table, key, before, after))
        if any(reason["Code"] != "None" for reason in reasons):
            if in_transaction:
                raise Refusal("TransactionCanceledException", CancellationReasons=reasons)
            raise Refusal("ConditionalCheckFailedException")
        for table, key, before, after in planned:
            self.consumed.write += index_units(table.entry(before), table.entry(after))
            table.put(key, after)
        return [after for *_, after in planned]


_NOT_ANSWERED = {"FilterExpression", "Limit", "Select"}
_TABLE = "AWS::DynamoDB::Table"
_HASH_KEY = re.compile(r"(#\w+) = (:\w+)")


def _table(declared: Mapping[str, Any]) -> Table:
    wanted = declared["Properties"]
    indexes = wanted.get("GlobalSecondaryIndexes", [])
    if len(indexes) > 1 or any(each["Projection"]["ProjectionType"] != "KEYS_ONLY" for each in indexes):
        raise Unsupported("more than one index, or one of more than keys")
    names = tuple(each["AttributeName"] for each in wanted["KeySchema"])
    return Table(names, tuple(part["AttributeName"] for each in indexes for part in each["KeySchema"]))


def _partition(request: Request) -> str:
    """Return the partition that a key condition names: its first comparison is that with the hash key."""
    named = _HASH_KEY.search(request["KeyConditionExpression"])
    if named is None:
        raise Unsupported(request["KeyConditionExpression"])
    value: str = request["ExpressionAttributeValues"][named[2]]["S"]
    return value


def _after(kind: str, request: Request, reader: Reader, before: Item) -> Item:
    match kind:
        case "Put":
            return dict(request["Item"])
        case "Update":
            return reader.updated(request["UpdateExpression"], {**request["Key"], **before})
        case "Delete":
            return {}
        case "ConditionCheck":
            return before
    raise Unsupported(kind)
