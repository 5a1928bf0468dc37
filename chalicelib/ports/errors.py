"""Errors of the outside world that the flows know how to handle."""


class Conflict(Exception):
    """Somebody else wrote first: read again and decide again."""


class Busy(Exception):
    """Conflicts did not end; the caller should come back in a moment."""


class CardSpent(Exception):
    """A card has begun all the surveys that it may."""


class NotTold(Exception):
    """A desk's topic did not take it; what it was about is in the desk's list."""


class Unreadable(Exception):
    """Something that is stored can't be read: another release wrote it, or it is damaged. The text says where it is."""


class QueueUnavailable(Exception):
    """Hints could not be left; the sweep finds what they were about."""


class Damaged(Exception):
    """A file of the lake that can't be read; the text says which."""
