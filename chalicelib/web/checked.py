"""`?check=1`: a post is read and answered, and nothing is stored."""

import msgspec
from chalice.app import Response

from chalicelib.boundary import Refused
from chalicelib.insight.posted.look import look
from chalicelib.web.intake import Post
from chalicelib.web.mapped import published_mapper
from chalicelib.wiring import Aws


def answer_check(post: Post, asked: str, world: Aws) -> Response:
    """Answer what would be understood of a post; Refused."""
    letter = post.letter
    if asked != "1":
        raise Refused(400, "check: expected 1")
    if letter.several:
        raise Refused(400, "check: expected one event, since a mapping reads each by itself")
    mapper = None
    if post.mapping is not None:
        mapper = published_mapper(post.agency_id, post.mapping, letter.media_type, world)
    silent = post.sender.key.null == "silence"
    told = look(letter.raw, post.feed, post.sender.agency, post.at, mapper, nulls_are_silent=silent)
    return Response(msgspec.to_builtins(told), status_code=200)
