"""Counts and figures of the flows: notices that need a person, and metrics that are measured all the time."""

from enum import StrEnum


class Notice(StrEnum):
    """Events that people at the agency should look at: names of CloudWatch metrics, each with an alarm."""

    UNKNOWN_PROVIDER_CODE = "UnknownProviderCode"
    PROVIDER_DOWN = "ProviderDown"
    OVER_BUDGET = "OverBudget"
    FEED_SILENT = "FeedSilent"
    FEED_AHEAD = "FeedAhead"
    FEED_LATE = "FeedLate"
    UNKNOWN_TYPES = "UnknownTypes"
    UPDATES_REJECTED = "UpdatesRejected"
    DANGER = "Danger"
    CALL_HELD = "CallHeld"
    KEYS_OLD = "KeysOld"


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
