"""Who is told by email of what waits at the desk, and when. Pure."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role

When = Literal["off", "daily", "at_once"]
_MAILBOX = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")

Mailbox = Annotated[str, Meta(max_length=254)]
MOST_MAILBOXES = 20
"""Mailboxes of a role: a list of the agency's own mail system holds more."""


class WaitingMail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The email that says how much waits. `at` is the hour of `daily`; `link` leads to the desk.

    `to` names mailboxes by role: each is told of what its role sees to, and of nothing else.
    """

    when: When = "off"
    at: time = time(7)
    to: dict[Role, Annotated[tuple[Mailbox, ...], Meta(max_length=MOST_MAILBOXES)]] = {}
    link: Annotated[str, Meta(max_length=200, pattern=r"^(https://[^\s/]\S*)?$")] = ""


def mail_problems(mail: WaitingMail) -> Iterator[str]:
    """Yield what is wrong with the settings of the email."""
    if mail.when != "off" and not mail.to:
        yield "desk.mail.to: names nobody: say a mailbox for a role, or leave desk.mail.when off"
    if mail.at.tzinfo:
        yield "desk.mail.at: it is in the agency's own time: write 07:00:00, without a zone"
    for role, boxes in mail.to.items():
        if Permission.BOARD_SEE not in BUNDLES[role]:
            yield f"desk.mail.to: {role} sees nothing that waits"
        for box in boxes:
            if not _MAILBOX.fullmatch(box):
                yield f"desk.mail.to.{role}: {box!r} is no mailbox"
