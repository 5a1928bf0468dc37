"""What can be noted, and why it was done: closed lists, each with its words. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class What(StrEnum):
    """A look or an act. A name that was stored never changes; new ones are added."""

    SIGNED_IN = "signed_in"
    SIGNED_IN_AGAIN = "signed_in_again"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    SESSION_ENDED = "session_ended"
    REFUSED = "refused"
    LOOKED = "looked"
    SEARCHED = "searched"
    REVEALED = "revealed"
    EXPORTED = "exported"
    ERASED = "erased"
    HELD = "held"
    LIFTED = "lifted"
    PAUSED = "paused"
    RESUMED = "resumed"
    SILENCED = "silenced"
    CANCELLED = "cancelled"
    RELEASED = "released"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    READ_COMMENTS = "read_comments"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    ROLES_CHANGED = "roles_changed"
    KEYS_CHANGED = "keys_changed"
    SAW_REPLIES = "saw_replies"
    ANSWERED = "answered"
    TOOK_OVER = "took_over"
    EXPORTED_LEDGER = "exported_ledger"
    PURGED = "purged"
    DRILLED = "drilled"
    HUNG = "hung"
    TOOK_ON = "took_on"
    LOOKED_PROTECTED = "looked_protected"
    PROTECTED = "protected"
    UNPROTECTED = "unprotected"
    UNSILENCED = "unsilenced"
    DRAFTED = "drafted"
    JUDGED_SILENT = "judged_silent"
    SIGNED = "signed"
    COUNTED = "counted"
    ASKED_CODE = "asked_code"
    PROVED_PHONE = "proved_phone"
    TESTED_TEXT = "tested_text"


class Why(StrEnum):
    """A reason. A name that was stored never changes; new ones are added."""

    PERSON_ASKS = "person_asks"
    COMPLAINT = "complaint"
    RECORDS_REQUEST = "records_request"
    COURT = "court"
    INVESTIGATION = "investigation"
    DANGER = "danger"
    WRONG_TEXT = "wrong_text"
    OUTAGE = "outage"
    QUALITY = "quality"
    TRAINING = "training"
    SCHEDULE = "schedule"
    DECIDED = "decided"
    OTHER = "other"
    BY_COMMAND = "by_command"


WORDS: Mapping[str, str] = {
    What.SIGNED_IN: "signed in",
    What.SIGNED_IN_AGAIN: "signed in again",
    What.SIGN_IN_FAILED: "could not sign in",
    What.SIGNED_OUT: "signed out",
    What.SIGNED_OUT_EVERYWHERE: "signed out everywhere",
    What.SESSION_ENDED: "ended",
    What.REFUSED: "was refused",
    What.LOOKED: "looked at",
    What.SEARCHED: "searched for",
    What.REVEALED: "was shown the phones, emails and words of",
    What.EXPORTED: "exported",
    What.ERASED: "erased",
    What.HELD: "put under a legal hold",
    What.LIFTED: "lifted the legal hold on",
    What.PAUSED: "paused",
    What.RESUMED: "resumed",
    What.SILENCED: "silenced",
    What.CANCELLED: "cancelled",
    What.RELEASED: "released",
    What.OPTED_OUT: "stopped messages to",
    What.OPTED_IN: "allowed messages again to",
    What.READ_COMMENTS: "read what people wrote:",
    What.REVIEWED: "reviewed",
    What.PUBLISHED: "published",
    What.ROLES_CHANGED: "changed who may do what",
    What.KEYS_CHANGED: "changed the keys of feeds:",
    What.SAW_REPLIES: "marked as read the texts of",
    What.ANSWERED: "answered",
    What.TOOK_OVER: "took over restored tables",
    What.EXPORTED_LEDGER: "exported the ledger",
    What.PURGED: "purged the ledger",
    What.DRILLED: "tried whether people who watch are reached:",
    What.HUNG: "turned a browser into a wall screen",
    What.TOOK_ON: "took on",
    What.LOOKED_PROTECTED: "looked at somebody of the agency or under its protection:",
    What.PROTECTED: "put on the list of those whom the auditor watches over:",
    What.UNPROTECTED: "took off the list of those whom the auditor watches over:",
    What.UNSILENCED: "ended the silence of",
    What.DRAFTED: "drafted",
    What.JUDGED_SILENT: "judged that nobody is texted about",
    What.SIGNED: "signed for",
    What.COUNTED: "had counted",
    What.ASKED_CODE: "asked for a code, to try texts of",
    What.PROVED_PHONE: "entered the code, to try texts of",
    What.TESTED_TEXT: "sent to their own phone, of",
}
"""The words behind the person who did it; those that end in a preposition or need an object have an `about`."""

REASONS: Mapping[str, str] = {
    Why.PERSON_ASKS: "the person asks",
    Why.COMPLAINT: "a complaint",
    Why.RECORDS_REQUEST: "a records request",
    Why.COURT: "a court's order",
    Why.INVESTIGATION: "an investigation",
    Why.DANGER: "somebody may be in danger",
    Why.WRONG_TEXT: "a text was wrong",
    Why.OUTAGE: "an outage",
    Why.QUALITY: "a review of quality",
    Why.TRAINING: "training",
    Why.SCHEDULE: "the records schedule",
    Why.DECIDED: "somebody looked at the call and decided",
    Why.OTHER: "another reason",
    Why.BY_COMMAND: "by command",
}

BRAKES = frozenset(
    {
        What.PAUSED,
        What.SILENCED,
        What.CANCELLED,
        What.OPTED_OUT,
        What.PROTECTED,
        What.SIGNED_OUT,
        What.SIGNED_OUT_EVERYWHERE,
        What.SESSION_ENDED,
        What.SIGN_IN_FAILED,
        What.REFUSED,
        What.JUDGED_SILENT,
    }
)
"""Only stops something: it is done first and noted after, and needs no reason.

What ends a page to somebody, as `SAW_REPLIES` and `TOOK_ON` do, is none: it would leave a person to nobody unnoted.
"""

NEED_REASON = frozenset(
    {
        What.REVEALED,
        What.EXPORTED,
        What.ERASED,
        What.HELD,
        What.LIFTED,
        What.RELEASED,
        What.OPTED_IN,
        What.PURGED,
        What.UNSILENCED,
    }
)

NEED_TICKET = frozenset({Why.RECORDS_REQUEST, Why.COURT, Why.OTHER})
"""A reason that stands somewhere else too: the number leads there."""

NEED_ABOUT = frozenset(
    {
        What.LOOKED,
        What.SEARCHED,
        What.REVEALED,
        What.EXPORTED,
        What.ERASED,
        What.HELD,
        What.LIFTED,
        What.PAUSED,
        What.RESUMED,
        What.SILENCED,
        What.CANCELLED,
        What.RELEASED,
        What.OPTED_OUT,
        What.OPTED_IN,
        What.PUBLISHED,
        What.REVIEWED,
        What.SAW_REPLIES,
        What.ANSWERED,
        What.PURGED,
        What.TOOK_ON,
        What.LOOKED_PROTECTED,
        What.PROTECTED,
        What.UNPROTECTED,
        What.UNSILENCED,
        What.DRAFTED,
        What.JUDGED_SILENT,
        What.SIGNED,
        What.COUNTED,
        What.ASKED_CODE,
        What.PROVED_PHONE,
        What.TESTED_TEXT,
    }
)
