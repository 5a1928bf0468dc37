"""What a feed's file says of a CAD that is asked over HTTP. `docs/vendor/feed.md` is this file in words."""

from typing import Literal

from msgspec import Struct

from chalicelib.domain.duration import Duration
from feed.gone import Gone

SOURCE_SECRET = "TENFOUR_FEED_SOURCE_SECRET"  # noqa: S105  the name of a variable


class Auth(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the CAD knows the feed. The secret is in the environment, or in `secret_file`.

    `client_credentials` asks `token_url` for a token (RFC 6749, 4.4). `token_params` go with that request.
    """

    kind: Literal["basic", "bearer", "header", "client_credentials"]
    user: str = ""
    header: str = "x-api-key"
    secret_file: str = ""
    token_url: str = ""
    scope: str = ""
    token_params: dict[str, str] = {}
    credentials_in: Literal["header", "body"] = "header"


class Pages(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a long answer is told in several.

    `number` and `offset` count: `$page`, `$offset` and `$size` stand for them in the request. `cursor` is at the path
    `next` of an answer, and stands for `$cursor`. `link` is an address at the path `next`, else in the header `Link`.
    """

    by: Literal["number", "offset", "cursor", "link"]
    first: int = -1
    size: int = 100
    next: str = ""
    most: int = 10_000


class Since(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a request asks for what changed lately: `$since` stands for the time of the last read, less `overlap`."""

    format: str = "iso"
    time_zone: str = "UTC"
    overlap: Duration = Duration(minutes=5)
    begin: Duration = Duration(hours=24)


class Http(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address of the CAD that answers with calls.

    `good` names what an answer must say to count, as `when` of a mapping does; then it may also be empty. `key` are
    paths that tell records of one incident apart.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: str = ""
    every: Duration = Duration(seconds=15)
    timeout: Duration = Duration(seconds=30)
    largest_mb: int = 20
    key: tuple[str, ...] = ()
    good: dict[str, tuple[str, ...]] = {}
    gone: Gone = ""
    gone_after: Duration = Duration(0)
    gone_within: Duration = Duration(hours=36)
    authority: str = ""
    certificate: str = ""
    certificate_key: str = ""
    auth: Auth | None = None
    pages: Pages | None = None
    since: Since | None = None
