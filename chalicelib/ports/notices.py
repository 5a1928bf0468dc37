"""What the flows count: notices that need a person, and figures that are measured all the time."""

from enum import StrEnum


class Notice(StrEnum):
    """What people at the agency should look at: the names of CloudWatch metrics, each with an alarm."""

    UNKNOWN_PROVIDER_CODE = "UnknownProviderCode"
    PROVIDER_DOWN = "ProviderDown"
    OVER_BUDGET = "OverBudget"
    FEED_SILENT = "FeedSilent"
    FEED_AHEAD = "FeedAhead"
    FEED_LATE = "FeedLate"
    UNKNOWN_TYPES = "UnknownTypes"
    UPDATES_REJECTED = "UpdatesRejected"


class Metric(StrEnum):
    """What is measured all the time: the names of CloudWatch metrics, each in the dashboard.

    Each message that goes has its lateness: so many as there are have gone.
    """

    UPDATES = "Updates"
    SCHEDULED = "Scheduled"
    SKIPPED = "Skipped"
    LATENESS = "Lateness"
    RECEIPTS = "Receipts"
    OLDEST_DUE = "OldestDue"
