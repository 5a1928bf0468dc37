"""Amazon SES, API version 2."""

import re
from html import escape
from typing import Any

from chalicelib.carriers.failures import call_once
from chalicelib.carriers.tools import Tools
from chalicelib.domain.harmless import as_line, as_text
from chalicelib.domain.names import CORRELATION
from chalicelib.domain.notifications.retry import FailureOutcome
from chalicelib.ports.carrier import Outgoing, Sent

CODES: dict[str, FailureOutcome] = {
    "TooManyRequestsException": "retry",
    "LimitExceededException": "retry",
    "SendingPausedException": "retry",
    "AccountSuspendedException": "retry",
    "MailFromDomainNotVerifiedException": "retry",
    "MessageRejected": "permanent",
    "BadRequestException": "permanent",
    "NotFoundException": "retry",  # our configuration set
    "AccessDeniedException": "retry",
    "ExpiredTokenException": "retry",
    "UnrecognizedClientException": "retry",
    "InternalServiceErrorException": "ambiguous",
}

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_PAGE = '<!doctype html><html><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>'


class Ses:
    """The port `Sender` for email."""

    tells = True

    def __init__(self, client: Any, configuration_set: str) -> None:
        self._client, self._configuration_set = client, configuration_set

    def send(self, outgoing: Outgoing) -> Sent:
        """Send one email; SendFailed."""
        reference = call_once(
            self._client.send_email,
            CODES,
            FromEmailAddress=outgoing.sender,
            Destination={"ToAddresses": [outgoing.address]},
            Content={"Simple": _content(outgoing)},
            ConfigurationSetName=self._configuration_set,
            EmailTags=[{"Name": CORRELATION, "Value": outgoing.id}],
        )
        return Sent("ses", reference)


def make(tools: Tools) -> Ses:
    """Return the sender."""
    return Ses(tools.client("sesv2"), tools.configuration_set)


def as_html(subject: str, body: str) -> str:
    """Return the same words as a page: paragraphs, and links that can be followed; nothing else is markup."""
    parts = [f"<p>{_linked(part)}</p>" for part in re.split(r"\n{2,}", (body or "").strip())]
    return _PAGE.format(escape(subject), "".join(parts))


def _linked(text: str) -> str:
    links = [(found.start(), found.end()) for found in _LINK.finditer(text)]
    told, place = [], 0
    for start, end in links:
        link = escape(text[start:end])
        told += [escape(text[place:start]), f'<a href="{link}">{link}</a>']
        place = end
    return "".join([*told, escape(text[place:])]).replace("\n", "<br>")


def _content(outgoing: Outgoing) -> dict[str, Any]:
    subject, body = as_line(outgoing.subject), as_text(outgoing.body) if outgoing.body else outgoing.body

    def part(words: str) -> dict[str, str]:
        return {"Data": words, "Charset": "UTF-8"}

    content: dict[str, Any] = {
        "Subject": part(subject),
        "Body": {"Text": part(body), "Html": part(as_html(subject, body))},
    }
    if outgoing.unsubscribe:  # one click of the mail program's own button: RFC 8058
        headers = {
            "List-Unsubscribe": f"<{outgoing.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        content["Headers"] = [{"Name": name, "Value": value} for name, value in headers.items()]
    return content
