"""A draft that was put in force is over, wherever somebody approved it: at the desk, at a terminal, or by its time."""

from contextlib import suppress
from datetime import datetime

from chalicelib.domain.approval import Act
from chalicelib.domain.desk.drafts import published
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws

DRAFT = "draft"
"""The word of an act that names the draft which it publishes."""


def settle(aws: Aws, act: Act, version: int, at: datetime) -> None:
    """Write that a draft is in force; one that somebody edited at that moment is another text, and stays a draft."""
    draft_id = act.words.get(DRAFT, "")
    draft = aws.drafts.find(act.agency_id, draft_id) if draft_id else None
    if draft is None or draft.ended or draft.text != act.words.get("source", ""):
        return
    with suppress(Conflict):
        aws.drafts.write(act.agency_id, published(draft, version, at))
