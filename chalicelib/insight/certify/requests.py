"""Checks of requests: address, form, size, signature, and what follows a refusal."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.inbound.cad.read_updates import holds_updates
from chalicelib.inbound.cad.update_fields import LARGEST_BODY, MOST_UPDATES
from chalicelib.inbound.mapping.payload import is_media_type
from chalicelib.insight.certify.post import Post
from chalicelib.insight.certify.read import Run, plain
from chalicelib.insight.certify.verdict import Verdict, verdict

ENCODINGS = ("", "identity", "gzip", "x-gzip")
_JSON = re.compile(r"application/(?:json|[\w.-]+\+json)")
_MANY = 3
_REFUSED = (400, 413, 415, 422)
_UNSUPPORTED = 415
_NOT_FOR_IT = (401, 403, 404)
_AT_ONCE = timedelta(seconds=5)


def _updates(run: Run) -> list[Post]:
    return [post for post in run.posts if post.place == "updates"]


def _with_headers(run: Run) -> list[Post]:
    """Return the requests of which more than the body is known."""
    return [post for post in run.posts if post.headers and post.place != "elsewhere"]


def address(run: Run) -> Verdict:
    """Each request is a POST to one of the three addresses."""
    elsewhere = [post for post in run.posts if post.place == "elsewhere"]
    strange = [post for post in run.posts if post.status in _NOT_FOR_IT and not post.signature]
    findings = [f"{post.where}: {post.method} {post.address[:60]} is none of ours" for post in elsewhere]
    findings += [f"{post.where}: answered with {post.status}: is the agency in the address right?" for post in strange]
    return verdict(findings, [post for post in run.posts if post.path])


def content_type(run: Run) -> Verdict:
    """The content type is one that the address takes, and the letters are UTF-8."""
    posts = [post for post in _with_headers(run) if post.place == "updates"]
    return verdict((f"{post.where}: {words}" for post in posts for words in _of_type(post, run)), posts)


def _of_type(post: Post, run: Run) -> Iterator[str]:
    given, _, parameters = post.headers.get("content-type", "").partition(";")
    given = given.strip().lower()
    form = run.mapper.mapping.format if run.mapper else ""
    if not (is_media_type(given, form) if form else _JSON.fullmatch(given)):
        yield f"content-type is {given[:60] or 'missing'}; expected {form or 'application/json'}"
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    if charset and not run.mapper and charset[1].lower().replace("-", "") not in ("utf8", "usascii"):
        yield f"charset is {charset[1][:20]}; expected utf-8"
    if post.headers.get("content-encoding", "").strip().lower() not in ENCODINGS:
        yield f"content-encoding is {post.headers['content-encoding'][:20]}; expected gzip, or none"
    elif post.status == _UNSUPPORTED:
        yield "answered with 415"


def readable(run: Run) -> Verdict:
    """Each body can be read: JSON in UTF-8, or what the mapping reads."""
    unreadable = [each for each in run.read if each.post.place == "updates" and each.problem and each.size < 0]
    findings = [f"{each.post.where}: {each.problem}" for each in unreadable]
    findings += [f"{told.where}: {told.error}" for told in run.news if told.is_unclear]
    return verdict(findings, _updates(run))


def batches(run: Run) -> Verdict:
    """A body has 1 to 100 updates, and at most 256 KiB."""
    findings = []
    for each in run.read:
        if each.size > MOST_UPDATES:
            findings.append(f"{each.post.where}: {each.size:,} updates; at most {MOST_UPDATES} at once")
        if len(plain(each.post)) > LARGEST_BODY:
            findings.append(f"{each.post.where}: {len(plain(each.post)) // 1024:,} KiB; at most 256")
    return verdict(findings, [each for each in run.read if each.told])


def empty(run: Run) -> Verdict:
    """Nothing to tell is a heartbeat, and no list without updates."""
    instead = "let the mapping skip it" if run.mapper else "post a heartbeat instead"
    findings = [
        f"{each.post.where}: no updates at all: {instead}"
        for each in run.read
        if each.post.place == "updates" and each.size == 0
    ]
    findings += [
        f"{post.where}: a heartbeat with updates in it, which nobody reads"
        for post in run.posts
        if post.place == "heartbeat" and holds_updates(plain(post))
    ]
    return verdict(findings, run.posts)


def signature(run: Run) -> Verdict:
    """Each request is signed, anew each time that it is sent; or it has the bearer key."""
    checked = [post for post in run.posts if post.signature is not None]
    findings = [f"{post.where}: {post.signature}" for post in checked if post.signature]
    return verdict([*findings, *_stale(run)], checked, _weaker(checked))


def _stale(run: Run) -> Iterator[str]:
    signed: dict[tuple[str, str, str], Post] = {}
    for post in _with_headers(run):
        if "webhook-signature" not in post.headers:
            continue
        first = signed.setdefault((post.webhook_id, post.content_hash, post.headers.get("webhook-timestamp", "")), post)
        if first is not post and first.at and post.at and post.at - first.at > _AT_ONCE:
            yield f"{post.where}: sent again with the timestamp of {first.where}: sign anew each time"


def _weaker(checked: list[Post]) -> Iterator[str]:
    if any(not post.signature and "webhook-signature" not in post.headers for post in checked):
        yield "A key in the header opens every address to whoever reads it. A signature does not: sign, if you can."


def webhook_ids(run: Run) -> Verdict:
    """Each request has a `webhook-id` of its own."""
    named: defaultdict[tuple[str, str], list[Post]] = defaultdict(list)
    for post in _updates(run):
        if post.webhook_id:
            named[post.feed, post.webhook_id].append(post)
    findings = [
        f"{post.where}: the webhook-id of {posts[0].where}, with another body"
        for posts in named.values()
        for post in posts[1:]
        if post.content_hash != posts[0].content_hash and posts[0].is_taken
    ]
    return verdict(findings, named)


def refused(run: Run) -> Verdict:
    """A request that was refused for what it says is not sent again as it is."""
    times: defaultdict[str, list[Post]] = defaultdict(list)
    for each in run.read:
        if each.size and each.post.status in _REFUSED:
            times[each.post.content_hash].append(each.post)
    findings = [
        f"{posts[-1].where}: sent {len(posts)} times, and refused each time with {posts[-1].status}"
        for posts in times.values()
        if len(posts) >= _MANY
    ]
    return verdict(findings, [post for post in _updates(run) if post.status is not None])
