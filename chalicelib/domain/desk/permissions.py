"""What may be done at the desk, and who may do it: one list of permissions, and the agency's bundles of them. Pure.

Each route of the desk names one of these. docs/agency/desk.md prints the bundles (a test compares).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Permission(StrEnum):
    """Something that may be done. `ANYBODY` needs no session, `SIGNED_IN` any session, even one without a role."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    BOARD_SEE = "board.see"
    FIGURES_SEE = "figures.see"
    INCIDENT_SEE = "incident.see"
    PAUSE = "pause"
    RESUME = "resume"
    RELEASE = "release"
    SILENCE = "silence"
    CONVERSATION_SEE = "conversation.see"
    CONVERSATION_ANSWER = "conversation.answer"
    PERSON_FIND = "person.find"
    PERSON_SEE = "person.see"
    PERSON_PROTECT = "person.protect"
    PERSON_REVEAL = "person.reveal"
    PERSON_EXPORT = "person.export"
    PERSON_HOLD = "person.hold"
    PERSON_ERASE = "person.erase"
    PERSON_OPT_OUT = "person.opt_out"
    DRAFT_EDIT = "draft.edit"
    REVIEW = "review"
    PUBLISH = "publish"
    RESULTS_SEE = "results.see"
    REPORT_RELEASE = "report.release"
    COMMENTS_READ = "comments.read"
    FOLLOW_UPS_SEE = "follow_ups.see"
    THANKS_SEE = "thanks.see"
    ALLEGATIONS_SEE = "allegations.see"
    SHADOW_SIGN = "shadow.sign"
    DUTIES_TELL = "duties.tell"
    LEDGER_READ = "ledger.read"
    KEYS_MANAGE = "keys.manage"
    SESSIONS_MANAGE = "sessions.manage"
    WATCHERS_DRILL = "watchers.drill"
    PERSON_CALL_BACK = "person.call_back"
    CARDS_MAKE = "cards.make"
    SETTINGS_SEE = "settings.see"


class Role(StrEnum):
    """The bundles of permissions that an agency gives to its people; several a person."""

    WATCH = "watch"
    SUPERVISOR = "supervisor"
    RECORDS = "records"
    WORDS = "words"
    APPROVER = "approver"
    QUALITY = "quality"
    STANDARDS = "standards"
    ADVOCATE = "advocate"
    AUDITOR = "auditor"
    ADMIN = "admin"


_P = Permission

EVERYBODY = frozenset({_P.ANYBODY})
"""What needs no session."""

WATCHES = frozenset({_P.BOARD_SEE, _P.FIGURES_SEE})
"""What shows no person: all that a wall board may."""

BUNDLES: Mapping[Role, frozenset[Permission]] = {
    Role.WATCH: WATCHES,
    Role.SUPERVISOR: WATCHES
    | {_P.INCIDENT_SEE, _P.PAUSE, _P.RESUME, _P.RELEASE, _P.SILENCE, _P.PERSON_FIND, _P.FOLLOW_UPS_SEE}
    | {_P.CONVERSATION_SEE, _P.CONVERSATION_ANSWER, _P.WATCHERS_DRILL, _P.PERSON_CALL_BACK},
    Role.RECORDS: WATCHES
    | {_P.INCIDENT_SEE, _P.PERSON_FIND, _P.PERSON_REVEAL, _P.PERSON_EXPORT, _P.PERSON_HOLD, _P.PERSON_ERASE}
    | {_P.PERSON_SEE, _P.PERSON_PROTECT, _P.PERSON_OPT_OUT, _P.SHADOW_SIGN, _P.PERSON_CALL_BACK},
    Role.WORDS: WATCHES | {_P.DRAFT_EDIT, _P.SETTINGS_SEE},
    Role.APPROVER: WATCHES
    | {_P.REVIEW, _P.PUBLISH, _P.SHADOW_SIGN, _P.SETTINGS_SEE, _P.RESULTS_SEE, _P.REPORT_RELEASE},
    Role.QUALITY: WATCHES
    | {_P.RESULTS_SEE, _P.COMMENTS_READ, _P.FOLLOW_UPS_SEE, _P.THANKS_SEE, _P.PERSON_CALL_BACK, _P.REPORT_RELEASE},
    Role.STANDARDS: WATCHES | {_P.ALLEGATIONS_SEE, _P.PERSON_CALL_BACK},
    Role.ADVOCATE: WATCHES
    | {_P.INCIDENT_SEE, _P.SILENCE, _P.PERSON_FIND, _P.PERSON_SEE, _P.PERSON_REVEAL, _P.PERSON_OPT_OUT}
    | {_P.SHADOW_SIGN, _P.DUTIES_TELL, _P.PERSON_CALL_BACK},
    Role.AUDITOR: frozenset({_P.LEDGER_READ}),
    Role.ADMIN: WATCHES | {_P.KEYS_MANAGE, _P.SESSIONS_MANAGE, _P.WATCHERS_DRILL, _P.CARDS_MAKE},
}
"""The shipped bundles. The auditor reads the ledger and nothing else; the admin sees no persons."""

GRAVE = frozenset(
    {_P.PERSON_REVEAL, _P.PERSON_CALL_BACK, _P.PERSON_EXPORT, _P.PERSON_ERASE, _P.PUBLISH, _P.KEYS_MANAGE}
    | {_P.REPORT_RELEASE}
)
"""What asks to sign in again if somebody's last sign-in was longer ago than `session.FRESH`."""


def permitted(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what somebody with these roles may do who is signed in; without a role that is to sign out."""
    return EVERYBODY.union({_P.SIGNED_IN}, *(BUNDLES[role] for role in roles))
