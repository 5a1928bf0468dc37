"""Run a conformance check: read a recording or listen, look, and tell."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from msgspec import Struct

from chalicelib.auth import Feed, WebhookKey
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.insight.certify.read import read_run
from chalicelib.insight.certify.report import Report, certify
from chalicelib.insight.settings.files import load_settings
from chalicelib.wiring import now
from tenfour.certify.listen import SLOW, listening
from tenfour.certify.receiver import Answer, Receiver
from tenfour.certify.recorded import as_line, read_recorded
from tenfour.certify.show import show, write_page
from tenfour.certify.trouble import Troubles, read_troubles
from tenfour.certify.world import MAPPING, World, new_secret
from tenfour.common.paths import AGENCIES
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.terminal import on_ending


class Asked(Struct, frozen=True, kw_only=True):
    """Options that a person gave, recorded or live."""

    mapper: Mapper | None = None
    mapping: str = ""
    secret: str = ""
    time_zone: str = ""


def recorded(path: Path, asked: Asked) -> Report:
    """Look at a recording; ValueError, OSError."""
    posts = read_recorded(path, keys_of(asked.secret))
    return certify(read_run(posts, datetime.now(UTC), asked.mapper, time_zone=asked.time_zone))


def keys_of(secret: str) -> tuple[WebhookKey, ...]:
    """Return the keys that a secret is for both feeds; none without one."""
    feeds: tuple[Feed, ...] = ("cad", "rms")
    return tuple(WebhookKey(name=feed, feed=feed, agencies=(), secret=secret) for feed in feeds) if secret else ()


def live(asked: Asked, trouble: str, port: int, minutes: float, record: Path | None) -> Report:
    """Listen until the time is over or somebody ends it, and look at what came; ValueError, OSError."""
    agency = load_settings(AGENCIES / "demo.toml")
    secret, bearer = asked.secret or new_secret(), secrets.token_hex(16)
    world = World(agency, secret, bearer, asked.mapping)
    receiver = Receiver(world, now, Troubles(read_troubles(trouble)))
    ended = Event()
    with (
        on_ending(lambda _number, _frame: ended.set()),
        listening(receiver, port, SLOW, _tell) as address,
    ):
        _greet(address, agency.agency_id, secret, bearer, bool(asked.mapping), minutes)
        ended.wait(minutes * 60)
    posts = list(receiver.posts)
    if record:
        record.write_text("".join(f"{as_line(post)}\n" for post in posts), encoding="utf-8")
    return certify(read_run(posts, now(), asked.mapper, time_zone=asked.time_zone, live=True))


def _greet(address: str, agency_id: str, secret: str, bearer: str, is_mapped: bool, minutes: float) -> None:
    query = f"?mapping={MAPPING}" if is_mapped else ""
    lines = (
        f"dispatch   POST {address}/cad/{agency_id}/updates{query}",
        f"records    POST {address}/rms/{agency_id}/updates{query}",
        f"heartbeat  POST {address}/cad/{agency_id}/heartbeat",
        f"sign with  {secret}",
        f"or send    Authorization: Bearer {bearer}",
        f"fail next  POST {address}/next/503   or 429, lost, slow",
        f"listening for {minutes:g} minutes; Ctrl-C ends it and shows the report",
    )
    for line in lines:
        say(line, errors=True, flush=True)


def _tell(answer: Answer) -> None:
    post = answer.post
    said = str(post.status) if post.status else "no answer"
    purpose = f", on purpose ({post.trouble})" if post.trouble else ""
    error = "" if post.trouble else post.signature or answer.body.get("error", "")
    wrong = f": {error}" if error else ""
    rejected = "".join(f"\n    {item['error']}" for item in answer.body.get("rejected", ()))
    taken = "".join(
        f"\n    updates[{item['index']}] took back {', '.join(item['fields'])}"
        for item in answer.body.get("taken_back", ())
    )
    path = urlsplit(post.path).path
    say(
        f"{post.at:%H:%M:%S} {post.where}: {post.method} {path}: {said}{purpose}{wrong}{rejected}{taken}",
        errors=True,
        flush=True,
    )


def tell(report: Report, *, as_json: bool, out: Path | None, sender: str, now: datetime) -> None:
    """Show a report, and write its page where one is asked for; OSError."""
    if out:
        write_page(report, out, sender, now)
    if as_json:
        say_json(report)
    else:
        show(Screen(), report)
        if out:
            say(f"written: {out}")
