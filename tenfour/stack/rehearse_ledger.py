"""The ledger of acts that take two people, looked at in a rehearsal.

Nothing is written into it: the copy of an entry would be locked, and outlive the rehearsal.
"""

from collections.abc import Iterator, Mapping

from tenfour.common.errors import CityFailed
from tenfour.stack.rehearse_bench import Bench


def look_at_ledger(bench: Bench) -> Iterator[str]:
    """Look whether nobody can delete the ledger, and whether its entries reach a bucket that locks them."""
    outputs, client = bench.stack(), bench.place.client
    database = client("dynamodb")
    table = database.describe_table(TableName=outputs["Ledger"])["Table"]
    backups = database.describe_continuous_backups(TableName=outputs["Ledger"])["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    lock = client("s3").get_object_lock_configuration(Bucket=outputs["LedgerCopies"])["ObjectLockConfiguration"]
    kept = lock["Rule"]["DefaultRetention"]
    followed = client("lambda").list_event_source_mappings(EventSourceArn=table["LatestStreamArn"])
    readers = [each["State"] for each in followed["EventSourceMappings"]]
    yield f"copies are locked in {kept['Mode'].lower()} mode, days: {kept['Days']}"
    yield f"functions that read the ledger's stream: {', '.join(readers) or 'none'}"
    yield from _told(
        {
            "its table can be deleted": not table.get("DeletionProtectionEnabled"),
            "its table has no point-in-time recovery": recovery != "ENABLED",
            "no function follows its table": "Enabled" not in readers,
        }
    )


def _told(wrong: Mapping[str, bool]) -> Iterator[str]:
    """Yield what is wrong, and fail after the last one."""
    found = [words for words, holds in wrong.items() if holds]
    yield from found
    if found:
        raise CityFailed(f"{len(found)} of these end what protects the ledger")
