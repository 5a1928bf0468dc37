"""Counts and figures of the flows: notices that need a person, and metrics that are measured all the time."""

from collections.abc import Mapping
from enum import StrEnum


class Notice(StrEnum):
    """Events that people at the agency should look at: each has an alarm, and some share one."""

    UNKNOWN_PROVIDER_CODE = "UnknownProviderCode"
    PROVIDER_DOWN = "ProviderDown"
    TEXTS_BLOCKED = "TextsBlocked"
    OVER_BUDGET = "OverBudget"
    FEED_SILENT = "FeedSilent"
    FEED_AHEAD = "FeedAhead"
    FEED_LATE = "FeedLate"
    UNKNOWN_TYPES = "UnknownTypes"
    UPDATES_REJECTED = "UpdatesRejected"
    DANGER = "Danger"
    CALL_HELD = "CallHeld"
    NOT_PAGED = "NotPaged"
    LEFT_OUT = "LeftOut"
    KEYS_OLD = "KeysOld"


SHARED: Mapping[str, str] = {
    Notice.FEED_AHEAD: "FeedTimes",
    Notice.FEED_LATE: "FeedTimes",
    Notice.KEYS_OLD: "NotRead",
    Notice.LEFT_OUT: "NotRead",
    Notice.NOT_PAGED: "Danger",
    Notice.UNKNOWN_PROVIDER_CODE: "NotRead",
}
"""CloudWatch metrics of notices that share an alarm, since each alarm costs ten cents in an idle month.

The metric of any other notice has the notice's own name. The log always has that name.
"""


class Metric(StrEnum):
    """Figures that are measured all the time: names of CloudWatch metrics, each in the dashboard.

    Each message that goes has its lateness, so the number of samples is the number of messages.
    """

    UPDATES = "Updates"
    SCHEDULED = "Scheduled"
    SKIPPED = "Skipped"
    LATENESS = "Lateness"
    RECEIPTS = "Receipts"
    OLDEST_DUE = "OldestDue"
