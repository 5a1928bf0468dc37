"""The tables' streams, as the service hands them to `export`: in batches, some twice, some in another order."""

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.config import Config
from tenfour.common.reach import client

BATCH = 100
TWICE, SWAPPED = 0.1, 0.1

Records = list[Mapping[str, Any]]


def batches(aws: str, config: Config, dice: random.Random) -> Iterator[Records]:
    """Yield all that the streams hold, in batches."""
    found = [batch for table in _tables(config) for batch in _of(aws, table)]
    for place in range(len(found) - 1):
        if dice.random() < SWAPPED:
            found[place], found[place + 1] = found[place + 1], found[place]
    for batch in found:
        yield batch
        if dice.random() < TWICE:
            yield batch


def halved(batch: Records, export: Callable[[Records], bool]) -> int:
    """Export a batch; where that always fails, its halves; return how many records were put aside."""
    if export(batch):
        return 0
    if len(batch) == 1:
        return 1
    middle = len(batch) // 2
    return halved(batch[:middle], export) + halved(batch[middle:], export)


def _tables(config: Config) -> tuple[str, ...]:
    return config.incidents_table, config.contacts_table, config.surveys_table


def _of(aws: str, table: str) -> Iterator[Records]:
    arn = client("dynamodb", aws).describe_table(TableName=table)["Table"]["LatestStreamArn"]
    streams = client("dynamodbstreams", aws)
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        asked = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**asked)["ShardIterator"]
        while iterator:
            answer = streams.get_records(ShardIterator=iterator, Limit=BATCH)
            if not answer["Records"]:
                break
            yield answer["Records"]
            iterator = answer.get("NextShardIterator")
