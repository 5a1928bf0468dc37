"""Call a person back: why staff should not, or should know something first. Pure.

What keeps texts from a person keeps a stranger's call from them: somebody else may answer the phone. STOP is about
texts, so that it only is said.
"""

from datetime import datetime

from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.talk import Bar, Standing, nature_bar
from chalicelib.domain.settings.agency import Agency

KEEPS_OFF = frozenset({Bar.UNSAFE, Bar.JUVENILE, Bar.SENSITIVE, Bar.SILENCED, Bar.NO_CALL})
"""Why a phone is not shown for a call back: an advocate decides."""


def caution(standing: Standing, agency: Agency, now: datetime) -> Bar | None:
    """Return what speaks against calling somebody, or must be known before, the gravest first, or None."""
    contact = standing.contact
    bars = (
        (contact.unsafe, Bar.UNSAFE),
        (not standing.phone, Bar.NO_CALL),
        (contact.silent(now), Bar.SILENCED),
        (standing.more, Bar.TOO_MANY_CALLS),
        (contact.opted_out is OptOutScope.ALL, Bar.STOPPED),
    )
    found = [bar for holds, bar in bars if holds]
    nature = nature_bar(standing, agency)
    if nature and Bar.UNSAFE not in found:
        return nature
    return found[0] if found else None
