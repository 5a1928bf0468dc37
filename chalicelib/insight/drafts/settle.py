"""A draft that was put in force is over, wherever somebody approved it: at the desk, at a terminal, or by its time."""

from contextlib import suppress
from datetime import datetime

from chalicelib.domain.approval import Act
from chalicelib.domain.desk.attention import Attention, Cause
from chalicelib.domain.desk.drafts import Draft, published
from chalicelib.domain.desk.to_decide import DRAFT
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws


def settle(aws: Aws, act: Act, version: int, at: datetime) -> None:
    """Write that a draft is in force; one that somebody edited at that moment is another text, and stays a draft."""
    draft_id = act.words.get(DRAFT, "")
    draft = aws.drafts.find(act.agency_id, draft_id) if draft_id else None
    if draft is None or draft.ended or draft.text != act.words.get("source", ""):
        return
    with suppress(Conflict):
        write_over(aws, act.agency_id, draft, published(draft, version, at))


def write_over(aws: Aws, agency_id: str, before: Draft, after: Draft) -> Draft:
    """Write a draft over what it was; Conflict. If its time had come in vain, that waits for nobody any more."""
    written = aws.drafts.write(agency_id, after)
    if before.trouble and not after.trouble:
        aws.attention.note(agency_id, Attention(ended=frozenset({(Cause.DRAFT, after.id)})))
    return written
