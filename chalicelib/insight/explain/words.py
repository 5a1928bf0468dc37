"""Plain words for kinds, waiting rows and providers' codes; `insight/reasons.py` has the reasons."""

from collections.abc import Mapping

from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Notification, Provider, State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.reasons import PLAIN

KINDS: Mapping[Kind, str] = {
    Kind.ACKNOWLEDGMENT: "acknowledgment",
    Kind.DISPATCHED: "dispatched notice",
    Kind.DELAY: "delay notice",
    Kind.OUTCOME: "outcome",
    Kind.CASE_NUMBER: "case number",
    Kind.SURVEY: "survey",
}
WHAT: dict[State, str] = {
    State.SCHEDULED: "put off",
    State.SENDING: "handed over",
    State.SENT: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERED: "not delivered",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
    State.SUPPRESSED: "not sent",
    State.UNKNOWN: "in doubt",
}
"""A word for each state, as a moment has it."""
HELD: Mapping[Reason, str] = {
    Reason.PAUSED: "sending is paused",
    Reason.MASS_CALL: "many people called: a human must decide whether to text them all",
    Reason.FEED_SILENT: "dispatch was not heard for five minutes: officers may be there already",
    Reason.QUIET_HOURS: "not at this hour",
    Reason.ALREADY_TOLD: "the same is on its way to the same phone or email",
    Reason.FAILED_HERE: "something failed on our side; the log has what",
    Reason.TEXTS_BLOCKED: "the carrier blocks the texts of our number; one is tried from time to time",
    Reason.PROVIDER_DOWN: "the provider takes no messages now; it is tried again from time to time",
    Reason.OVER_BUDGET: "the budget for texts is used up; what matters more goes first",
}
PROVIDERS: Mapping[Provider, str] = {
    "end_user_messaging": "AWS End User Messaging",
    "sns": "Amazon SNS",
    "twilio": "Twilio",
    "ses": "Amazon SES",
}
IN_DOUBT = "nobody can say whether it went"
RELEASES: Mapping[Releasable, str] = {
    "sensitive": "that nothing is sent about it because it is sensitive",
    "juvenile": "that nothing is sent because a juvenile is involved",
    "do_not_contact": "dispatch's “do not contact”",
    "unsafe": "that it is not safe to contact",
    "mass_call": "the hold for many callers",
}
_TROUBLE = {
    "lease_over": "no answer came back from the provider",
    "no_receipt": "no receipt came",
    "truncated_answer": "the provider's answer broke off",
    "invalid_request": "the provider can't take such a message",
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": "the provider knows of a STOP",
    "ThrottlingException": "the provider was too busy",
    "TooManyRequestsException": "the provider was too busy",
    "ServiceQuotaExceededException": "the provider's limit was reached",
    "LimitExceededException": "the provider's limit was reached",
    "ReadTimeoutError": "the provider did not answer in time",
    "ConnectTimeoutError": "the provider could not be reached",
    "EndpointConnectionError": "the provider could not be reached",
    "ConnectionClosedError": "the provider broke off",
    "NoCredentialsError": "the provider did not let us in",
    "AccessDeniedException": "the provider did not let us in",
    "ExpiredTokenException": "the provider did not let us in",
    "UnrecognizedClientException": "the provider did not let us in",
    "InternalServerException": "the provider had an error of its own",
    "InternalServiceErrorException": "the provider had an error of its own",
    "ValidationException": "the provider refused the message or the number",
    "BadRequestException": "the provider refused the message or the address",
    "MessageRejected": "the provider refused the message",
    "ConflictException": "the provider refused the number",
    "NO_ORIGINATION_IDENTITIES_FOUND": "the provider does not know the number that we send from",
    "REGISTRATION_NOT_COMPLETE": "the number that we send from is not registered yet",
    "RESOURCE_NOT_ACTIVE": "the number that we send from is not active",
    "ResourceNotFoundException": "the provider does not know the number that we send from",
    "NotFoundException": "the provider does not know the address that we send from",
    "MailFromDomainNotVerifiedException": "the provider has not verified the address that we send from",
    "SendingPausedException": "the provider paused the account",
    "AccountSuspendedException": "the provider suspended the account",
    "no_provider": "the settings name no provider that there is",
    "no_account": "there are no keys for the provider",
    **dict.fromkeys(
        ("Throttling", "ThrottledException", "Throttled", "KMSThrottling", "20429", "14107", "21611", "30001"),
        "the provider was too busy",
    ),
    **dict.fromkeys(
        ("AuthorizationError", "AccessDenied", "ExpiredToken", "InvalidClientTokenId", "20003", "20005"),
        "the provider did not let us in",
    ),
    **dict.fromkeys(
        ("InternalError", "InternalFailure", "ServiceUnavailable", "20500", "20503"),
        "the provider had an error of its own",
    ),
    **dict.fromkeys(
        ("InvalidParameter", "ParameterValueInvalid", "ValidationError", "EndpointDisabled", "21602", "21617", "21624"),
        "the provider refused the message or the number",
    ),
    **dict.fromkeys(
        ("NotFound", "20404", "21212", "21606", "21660", "21703"),
        "the provider does not know the number that we send from",
    ),
    **dict.fromkeys(("21408", "21612"), "the account may not text to that country or network"),
    "21604": "the provider can't read the number",
    "21608": "a trial account texts only numbers that it has verified",
    "21211": "it is not a phone number",
    "21614": "the phone can't get texts",
    "21610": "the provider knows of a STOP",
    "opted_out_at_provider": "the provider knows of a STOP",
    "queue_overflow": "the provider was too busy",
    "account_suspended": "the provider suspended the account",
    "unknown_handset": "nobody has that number any more, or the phone is off",
    "landline_at_provider": "the phone can't get texts",
    "unknown_trouble": "the carrier did not say why",
    "read": "it was read",
    "canceled": "the provider took it back",
    "successful": "the carrier took it",
    "delivery": "it is in the mailbox",
    "send": "it went",
    "complaint": "the person marked it as spam",
    "blocked": "it was blocked",
    "carrier_blocked": "the carrier blocked it",
    "number_not_registered": "our number is not registered with the carriers",
    "number_not_verified": "our toll-free number is not verified",
    "carrier_unreachable": "the carrier could not be reached",
    "invalid": "the phone can't get texts",
    "invalid_message": "the carrier can't take such a message",
    "protect_blocked": "the account's own protection blocked it",
    "spam": "the carrier took it for spam",
    "ttl_expired": "it could not be delivered in time",
    "unreachable": "the phone could not be reached",
    "bounce": "the mailbox sent it back",
    "reject": "the provider refused it",
    "rendering failure": "the provider could not fill in the words",
}
_OURS = {reason.value: words for reason, words in PLAIN.items()}
_HELD = {reason.value: words for reason, words in HELD.items()}
_DETAIL = {
    "incident_type": "its type says",
    "type_modifier": "its type's modifier says",
    "initial_type": "its first type says",
    "offenses": "its offenses have",
    "phone_blank": "the phone was left blank",
    "phone_redacted": "the phone was blacked out",
    "phone_pseudo_911": "a handset without service, whose number can't be called",
    "phone_extension": "a phone with an extension",
    "phone_desk_line": "a desk's number",
    "phone_invalid": "not a valid phone number",
    "phone_not_mobile": "a landline",
}


def kind_of(row: Notification) -> str:
    """Return what a notification is, with how the incident ended or which of several notices it is."""
    number = f" {row.key.ordinal + 1}" if row.key.ordinal else ""
    variant = f" ({row.variant.replace('_', ' ')})" if row.variant else ""
    return f"{KINDS[row.key.kind]}{number}{variant}"


def why(reason: str) -> str:
    """Return a reason in words: one of ours, or what a provider says."""
    return _OURS.get(reason) or _TROUBLE.get(reason) or (f"the provider says {reason}" if reason else "")


def why_held(reason: str) -> str:
    """Return why something waits."""
    return _HELD.get(reason) or why(reason)


def detail(text: str) -> str:
    """Return what decided, such as the word that made an incident sensitive."""
    field, colon, word = text.partition(": ")
    if colon and field in _DETAIL:
        return f"{_DETAIL[field]} “{word}”"
    return _DETAIL.get(text, text)
