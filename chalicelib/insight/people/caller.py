"""The person who does something, as AWS says it: nobody is who they type."""

from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.approval import Unidentified, person_of

NOT_KNOWN = "somebody whom AWS did not name"


class Called(Protocol):
    """A stack as somebody reached it."""

    @property
    def caller(self) -> str:
        """Return the ARN of the credentials at hand."""


def person(aws: Called) -> str:
    """Return the person behind the credentials at hand; Unidentified for the account's root and for made-up names."""
    return person_of(aws.caller)


def anybody(aws: Called) -> str:
    """Return who it is for what only ever stops a text: a brake works for whoever can reach it, named or not."""
    try:
        arn = aws.caller
    except (BotoCoreError, ClientError):
        return NOT_KNOWN
    try:
        return person_of(arn)
    except Unidentified:
        return arn
