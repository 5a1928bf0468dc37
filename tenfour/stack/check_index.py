"""See whether calls of an earlier release are in no index yet, after a deployment."""

from collections.abc import Callable, Collection

from chalicelib.wiring import Aws
from tenfour.stack.change import outputs_of
from tenfour.stack.place import Place

REMINDER = "calls of an earlier release are in no index yet, so nobody finds them: run `tenfour records index`"
_INDEX = "recent"


def lacks_index(place: Place) -> bool:
    """Tell whether a stack that is there has no index of what is recent: after its update it has, with no old call."""
    table = outputs_of(place).get("Incidents")
    if table is None:
        return False
    told = place.client("dynamodb").describe_table(TableName=table)["Table"]
    return _INDEX not in {index["IndexName"] for index in told.get("GlobalSecondaryIndexes", ())}


def remind(aws: Aws, agencies: Collection[str], tell: Callable[[str], None], *, lacked: bool) -> None:
    """Tell in one line where calls are not in the index: it was made just now, or a pass has not come to its end.

    Where the index was lacking although a pass had been over all, a release before has written meanwhile. Then that
    pass counts no more.
    """
    if lacked:
        for agency_id in agencies:
            aws.searchable.forget(agency_id)
    if agencies and (aws.searchable.unfinished() or any(aws.searchable.since(each) is None for each in agencies)):
        tell(REMINDER)
