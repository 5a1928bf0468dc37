"""The ledger, as flows write to it."""

from collections.abc import Callable

from chalicelib.domain.ledger.noted import Noted

Note = Callable[[Noted], None]
"""Keep an entry for good; the same entry again is kept once. NotNoted where it is not kept, Unnotable."""
