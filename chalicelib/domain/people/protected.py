"""Employees of the agency and people whom it protects: each look at them tells the auditor. Pure."""

from datetime import datetime

from msgspec import Struct


class Protection(Struct, frozen=True):
    """Since when a person is on the list, and who put them there."""

    author: str
    at: datetime
