"""Check that carriers have approved the agency's texts and emails: approval takes weeks, so this comes first."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.settings.agency import Agency
from tenfour.stack.check_numbers import check_numbers
from tenfour.stack.finding import Finding
from tenfour.stack.place import Place

MONTHS_TEXTS = "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"
SMALLEST_LIMIT = 100
"""Dollars a month: some 8,000 segments; every account begins with one dollar."""

_WAITS = {"SUBMITTED", "AWS_REVIEWING", "REVIEWING", "PROVISIONING"}
_WANTS = {
    "CREATED": "was never submitted: complete it and submit it",
    "REQUIRES_UPDATES": "was sent back: read why under Registrations, correct it, submit it again",
    "REQUIRES_AUTHENTICATION": "waits for the code that was sent to the agency: enter it under Registrations",
}


def check_texts(
    place: Place, agency: Agency | None, pooled: Sequence[str] = (), replies: Callable[[], str] = lambda: ""
) -> Iterator[Finding]:
    """Yield what is known of texting: the sandbox, the spending limit, registrations and the numbers.

    `pooled` are the ARNs of the parameter TextNumbers; `replies` returns the stack's topic, "" before there is one.
    """
    messaging = place.client("pinpoint-sms-voice-v2")
    yield _tier(messaging)
    yield from _spending(messaging, agency)
    yield from _registrations(messaging)
    yield from check_numbers(messaging, agency, pooled, replies)


def check_email(place: Place, agency: Agency | None) -> Iterator[Finding]:
    """Yield what is known of email: the sandbox, and whether the agency's domain is verified."""
    ses = place.client("sesv2")
    account = ses.get_account()
    if not account["ProductionAccessEnabled"]:
        says = (
            "SES is in its sandbox and mails verified addresses alone: ask for production access, SES, Account "
            "dashboard; a day or two"
        )
        yield Finding("live", "email", says)
    elif not account["SendingEnabled"] or account["EnforcementStatus"] == "SHUTDOWN":
        yield Finding("live", "email", "SES has paused this account: the reason is under SES, Reputation metrics")
    else:
        yield Finding("ok", "email", f"SES sends up to {account['SendQuota']['Max24HourSend']:,.0f} emails a day")
    if agency:
        yield _identity(ses, agency.numbers.email_from)


def _tier(messaging: Any) -> Finding:
    attributes = {item["Name"]: item["Value"] for item in messaging.describe_account_attributes()["AccountAttributes"]}
    if attributes.get("ACCOUNT_TIER") != "PRODUCTION":
        says = (
            "texts are in the sandbox and reach ten verified numbers: ask AWS Support to move End User "
            "Messaging to production; about a day"
        )
        return Finding("live", "texts", says)
    return Finding("ok", "texts", "End User Messaging is out of its sandbox")


def _spending(messaging: Any, agency: Agency | None) -> Iterator[Finding]:
    limits = {item["Name"]: item for item in messaging.describe_spend_limits()["SpendLimits"]}
    limit = limits.get(MONTHS_TEXTS)
    wanted = max(SMALLEST_LIMIT, agency.budget.dollars_per_month if agency else 0)
    if limit is None or limit["EnforcedLimit"] < wanted:
        now, most = (limit["EnforcedLimit"], limit["MaxLimit"]) if limit else (0, 0)
        how = (
            f"`aws pinpoint-sms-voice-v2 set-text-message-spend-limit-override --monthly-limit {wanted}`"
            if most >= wanted
            else "ask AWS Support for an SMS spend limit increase"
        )
        says = f"texts stop at ${now:,} a month, less than ${wanted:,}: {how}"
        yield Finding("live", "texts", says)
    else:
        yield Finding("ok", "texts", f"texts may cost ${limit['EnforcedLimit']:,} a month")


def _registrations(messaging: Any) -> Iterator[Finding]:
    found = [
        item for page in messaging.get_paginator("describe_registrations").paginate() for item in page["Registrations"]
    ]
    for item in found:
        name, status = f"registration {item['RegistrationId']} ({item['RegistrationType']})", item["RegistrationStatus"]
        if status == "COMPLETE":
            yield Finding("ok", "texts", f"{name} is complete")
        elif status in _WAITS:
            yield Finding(
                "live", "texts", f"{name} is with the carriers ({status}): wait; toll-free takes up to 15 business days"
            )
        elif status in _WANTS:
            yield Finding("live", "texts", f"{name} {_WANTS[status]}")
    if not any(item["RegistrationStatus"] not in ("CLOSED", "DELETED") for item in found):
        says = "no number is registered: begin today (docs/agency/launch.md), carriers take up to three weeks"
        yield Finding("live", "texts", says)


def _identity(ses: Any, sender: str) -> Finding:
    domain = sender.rpartition("@")[2]
    for identity in (sender, domain):
        try:
            if ses.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"]:
                return Finding("ok", "email", f"{identity} is verified")
        except ClientError as problem:
            if problem.response["Error"]["Code"] != "NotFoundException":
                raise
    return Finding(
        "live", "email", f"{domain} is not verified: SES, Identities; its DNS records go to whoever runs DNS"
    )
