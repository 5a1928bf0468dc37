"""Write the desk's table of permissions into its page, from the bundles: `python -m tenfour.stack.desk_page`."""

import re
from collections.abc import Iterator, Mapping

from chalicelib.domain.desk.permissions import BUNDLES, GRAVE, Permission
from tenfour.common.paths import ROOT

PAGE = ROOT / "docs" / "agency" / "desk.md"
_SECTION = re.compile(r"(<!-- permissions: written by `python -m [\w.]+` -->\n).*?(<!-- end -->)", re.DOTALL)

ALLOWS: Mapping[Permission, str] = {
    Permission.BOARD_SEE: "sees what waits, by number and kind, and no person",
    Permission.FIGURES_SEE: "sees counts, failures and cost",
    Permission.INCIDENT_SEE: "reads an incident's story, with masked phones and emails",
    Permission.PAUSE: "pauses everything, a kind, a type, a beat or an incident",
    Permission.RESUME: "lifts a pause",
    Permission.RELEASE: "lets held messages go; what is sensitive takes two people",
    Permission.SILENCE: "silences an incident or a person",
    Permission.CONVERSATION_SEE: "reads what people texted back, and marks it as read",
    Permission.CONVERSATION_ANSWER: "answers by a text of the settings",
    Permission.PERSON_FIND: "finds the calls of a phone or email",
    Permission.PERSON_SEE: "sees what was sent to a person, masked, and how they may be written to",
    Permission.PERSON_PROTECT: "lets looks at a person tell the auditor",
    Permission.PERSON_REVEAL: "sees whole phones, emails and words, with a reason",
    Permission.PERSON_EXPORT: "exports what is kept of a person",
    Permission.PERSON_HOLD: "puts a legal hold on an incident or a person",
    Permission.PERSON_ERASE: "erases a person; it takes two people",
    Permission.PERSON_OPT_OUT: "opts a person out",
    Permission.DRAFT_EDIT: "drafts words, rules, questions and cities",
    Permission.REVIEW: "reviews the drafts of others",
    Permission.PUBLISH: "publishes what somebody else wrote",
    Permission.RESULTS_SEE: "sees the survey's results",
    Permission.REPORT_RELEASE: "proposes to release a quarter's report, or approves it; it takes two people",
    Permission.COMMENTS_READ: "reads, redacts and releases comments",
    Permission.FOLLOW_UPS_SEE: "sees and closes follow-ups",
    Permission.THANKS_SEE: "sees praise",
    Permission.ALLEGATIONS_SEE: "sees allegations against staff",
    Permission.SHADOW_SIGN: "signs that a type may go live",
    Permission.DUTIES_TELL: "tells people by phone what they are owed",
    Permission.LEDGER_READ: "reads and exports the ledger",
    Permission.KEYS_MANAGE: "adds and removes keys of feeds",
    Permission.SESSIONS_MANAGE: "ends other people's sessions",
    Permission.WATCHERS_DRILL: "tries whether the people who watch are reached",
    Permission.PERSON_CALL_BACK: "sees the phone of somebody whom their own desk must call back, with a reason",
    Permission.CARDS_MAKE: "makes cards with a square code that lead to the survey",
    Permission.SETTINGS_SEE: "reads the settings, their history and their drafts",
}
"""What each permission allows, as the page says it. The two that need no role are not in the table."""


def page(text: str) -> str:
    """Return the page with its table as the bundles have it."""
    return _SECTION.sub(lambda found: "\n".join((found[1], *_table(), "", found[2])), text)


def _table() -> Iterator[str]:
    yield from ("| permission | somebody who has it | roles | signs in again |", "|---|---|---|---|")
    for permission, allows in ALLOWS.items():
        roles = ", ".join(f"`{role}`" for role, bundle in BUNDLES.items() if permission in bundle)
        yield f"| `{permission}` | {allows} | {roles} | {'yes' if permission in GRAVE else ''} |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
