"""A receiver that answers as the webhook does, notes what came, and fails where it is asked to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from chalice.app import Request, Response
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.auth import Feed
from chalicelib.boundary import answering
from chalicelib.insight.certify.post import Post
from chalicelib.web.webhooks import hear, receive
from chalicelib.wiring import Aws
from tenfour.certify.signature import wrong_with
from tenfour.certify.trouble import Troubles
from tenfour.certify.world import World, as_event

RETRY_AFTER = 2
_UNAUTHENTIC = 401
_Said = tuple[int, dict[str, Any], dict[str, str]]
_ANSWERS: dict[str | None, _Said] = {
    "503": (503, {"error": "on purpose: send the same request again"}, {"retry-after": str(RETRY_AFTER)}),
    "429": (429, {"message": "Too Many Requests"}, {}),
}
_UNKNOWN: _Said = (403, {"message": "Missing Authentication Token"}, {})
"""As API Gateway answers what it knows no path or method for."""

_NOT_READ_BACK: _Said = (403, {"error": "certify can't be read back: its lines and its report say what came"}, {})


class Answer(Struct, frozen=True):
    """The answer of a receiver; `lost` where it must say nothing, and `slow` where it must wait before."""

    post: Post
    body: dict[str, Any]
    headers: dict[str, str] = {}

    @property
    def lost(self) -> bool:
        """Tell whether nothing must be answered."""
        return self.post.status == 0

    @property
    def slow(self) -> bool:
        """Tell whether the answer must wait."""
        return self.post.trouble == "slow"


class Receiver:
    """Takes requests in the order in which they come. Each is answered by the webhook's own functions."""

    def __init__(self, world: World, clock: Callable[[], datetime], troubles: Troubles) -> None:
        self._world, self.clock = world, clock
        self.troubles = troubles
        self.posts: list[Post] = []
        self._lock = Lock()

    def take(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request, and note it."""
        at = self.clock()
        told = {name.lower(): value for name, value in headers.items()}
        with self._lock:
            post = Post(
                where=f"request {len(self.posts) + 1}", at=at, method=method, path=path, headers=told, body=body
            )
            answer = self._answer(post)
            self.posts.append(answer.post)
        return answer

    def hung_up(self, post: Post, seconds: float) -> None:
        """Note that the sender of a request did not wait for its answer."""
        with self._lock:
            self.posts[self.posts.index(post)] = _with(post, gave_up_after=seconds)

    def _answer(self, post: Post) -> Answer:
        if post.reads_back:
            return _said(post, *_NOT_READ_BACK)
        if post.place == "elsewhere":
            return _said(post, *_UNKNOWN)
        wrong = wrong_with(post.headers, post.body, post.feed, self._world.webhook_keys, post.at or self.clock())
        post = _with(post, signature=wrong)
        meets = post.place == "updates" and not post.is_look and not wrong
        kind = self.troubles.meet(post.webhook_id or post.content_hash) if meets else None
        post = _with(post, trouble=kind)
        if kind in _ANSWERS:
            return _said(post, *_ANSWERS[kind])
        status, told, headers = self._from_the_webhook(post)
        if status == _UNAUTHENTIC and not wrong and not told["error"].startswith("agency_id"):
            post = _with(post, signature=told["error"])
        return _said(post, 0 if kind == "lost" else status, told, headers)

    def _from_the_webhook(self, post: Post) -> _Said:
        parts = urlsplit(post.path)
        agency_id = parts.path.strip("/").split("/")[-2] if parts.path.count("/") > 1 else ""
        query = dict(parse_qsl(parts.query))
        request = Request(as_event(post.method, post.headers, post.body, query))
        world = cast("Aws", self._world)
        self._world.tell_time(post.at or self.clock())
        response = self._heard(post, agency_id, request, world)
        return response.status_code, response.body, {name: str(value) for name, value in response.headers.items()}

    def _heard(self, post: Post, agency_id: str, request: Request, world: Aws) -> Response:
        if post.place == "heartbeat":
            return answering(hear)(agency_id, request, world)
        feed: Feed = post.feed
        return answering(receive)(agency_id, feed, request, world)


def _said(post: Post, status: int, told: dict[str, Any], headers: dict[str, str]) -> Answer:
    given = {name.lower(): value for name, value in headers.items()}
    after = given.get("retry-after", "")
    noted = _with(post, status=status, retry_after=float(after) if after.isdigit() else None)
    return Answer(noted, told, given)


def _with(post: Post, **changes: Any) -> Post:
    return replace(post, **changes)
