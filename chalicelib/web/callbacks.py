"""What carriers outside AWS post to us: authenticated, then kept in a queue, so that a 2xx means that it is durable."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec
from chalice.app import Request, Response

from chalicelib.auth import signed_by_twilio
from chalicelib.boundary import Refused, pairs
from chalicelib.carriers.twilio.events import TwilioPost
from chalicelib.domain.names import CORRELATION, is_agency_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.wiring import Aws, now

NO_ANSWER = Response("<Response/>", headers={"Content-Type": "text/xml"})
"""Nothing that Twilio should do or text back (TwiML)."""

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")

Posted = Sequence[tuple[str, str]]


def keep_twilio_status(request: Request, world: Aws) -> Response:
    """Keep what Twilio says of a text for `record_receipt`; Refused."""
    notification: str = request.query_params.get(CORRELATION, "") if request.query_params else ""
    posted, agency_id = pairs(request), notification.partition("__")[0]
    agency = world.settings.agency(agency_id) if is_agency_id(agency_id) else None
    _authenticate(request, agency, posted, world)
    post = TwilioPost(twilio=dict(posted), at=now(), notification=notification)
    world.keep_receipt(msgspec.json.encode(post).decode())
    return NO_ANSWER


def keep_twilio_inbound(request: Request, world: Aws) -> Response:
    """Keep a text that a person sent to a number at Twilio for `record_reply`; Refused.

    It came to a number, which may belong to a messaging service: settings name either. One that no settings name is
    kept too: `record_reply` fails on it loudly, and it waits until somebody has published the number.
    """
    posted = pairs(request)
    called = [value for wanted in ("To", "MessagingServiceSid") for name, value in posted if name == wanted]
    answered = ((number, world.settings.agency_at(number)) for number in called)
    number, agency = next((found for found in answered if found[1]), ("".join(called[:1]), None))
    _authenticate(request, agency, posted, world)
    post = TwilioPost(twilio=dict(posted), at=now(), number=number)
    world.keep_reply(msgspec.json.encode(post).decode())
    return NO_ANSWER


def _authenticate(request: Request, agency: Agency | None, posted: Posted, world: Aws) -> None:
    """Refuse what Twilio did not post to this agency's own address; without one, to the address that was called.

    Whoever makes up a host gains nothing: what is signed for it needs the token all the same.
    """
    account = world.carriers.twilio
    tokens = (account.auth_token, *account.other_tokens) if account else ()
    query = f"?{urlencode(request.query_params)}" if request.query_params else ""
    url = f"{agency.survey.origin if agency else _called(request)}{request.context['resourcePath']}{query}"
    signature = request.headers.get("x-twilio-signature", "")
    if not any(signed_by_twilio(url, posted, signature, token) for token in tokens):
        raise Refused(403, "x-twilio-signature: not right for this address and body")


def _called(request: Request) -> str:
    """Return the scheme and host that a request was sent to; a host that is none leads to no signature."""
    host = request.headers.get("host", "")
    plain = request.headers.get("x-forwarded-proto") == "http"
    return f"{'http' if plain else 'https'}://{host if _HOST.fullmatch(host) else 'nowhere'}"
