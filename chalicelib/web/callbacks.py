"""Posts of carriers outside AWS: authenticated, then kept in a queue, so that a 2xx means that they are durable."""

import re
from urllib.parse import urlencode

from chalice.app import Request, Response

from chalicelib.boundary import Refused, pairs
from chalicelib.carriers.twilio.callbacks import NOTHING_TO_DO, SIGNATURE, Posted, kept, numbers_called, signed_for
from chalicelib.domain.names import CORRELATION, is_agency_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.wiring import Aws, now

TAKEN = Response(NOTHING_TO_DO, headers={"Content-Type": "text/xml"})

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")


def keep_twilio_status(request: Request, world: Aws) -> Response:
    """Keep what Twilio says of a text for `record_receipt`; Refused."""
    notification: str = request.query_params.get(CORRELATION, "") if request.query_params else ""
    posted, agency_id = pairs(request), notification.partition("__")[0]
    agency = world.settings.agency(agency_id) if is_agency_id(agency_id) else None
    _authenticate(request, agency, posted, world)
    world.keep_receipt(kept(posted, now(), notification=notification))
    return TAKEN


def keep_twilio_inbound(request: Request, world: Aws) -> Response:
    """Keep a text that a person sent to a number at Twilio for `record_reply`; Refused.

    It came to a number, which may belong to a messaging service: settings name either. One that no settings name is
    kept too: `record_reply` fails on it loudly, and it waits until somebody has published the number.
    """
    posted = pairs(request)
    called = numbers_called(posted)
    answered = ((number, world.settings.agency_at(number)) for number in called)
    number, agency = next((found for found in answered if found[1]), ("".join(called[:1]), None))
    _authenticate(request, agency, posted, world)
    world.keep_reply(kept(posted, now(), number=number))
    return TAKEN


def _authenticate(request: Request, agency: Agency | None, posted: Posted, world: Aws) -> None:
    """Refuse what Twilio did not post to an address of ours: this agency's own, or the one that was called.

    A number at Twilio may still name the address that an agency had before. A caller that makes up a host gains
    nothing: a signature for it needs the token all the same.
    """
    query = f"?{urlencode(request.query_params)}" if request.query_params else ""
    homes = ([agency.survey.home] if agency else []) + _called(request)
    urls = [f"{home}{request.context['resourcePath']}{query}" for home in homes]
    account, signature = world.carriers.twilio, request.headers.get(SIGNATURE, "")
    if not any(signed_for(account, url, posted, signature) for url in urls):
        raise Refused(403, f"{SIGNATURE}: not right for this address and body")


def _called(request: Request) -> list[str]:
    """Return the addresses that a request may have been sent to; a host that is none leads to no signature.

    A domain of the agency's own has no stage in its paths, and API Gateway's own address has.
    """
    host = request.headers.get("host", "")
    plain = request.headers.get("x-forwarded-proto") == "http"
    home = f"{'http' if plain else 'https'}://{host if _HOST.fullmatch(host) else 'nowhere'}"
    return [home, f"{home}/{request.context.get('stage', '')}"]
