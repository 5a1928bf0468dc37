"""A page of the desk: a template filled in, under headers that let it load nothing but the desk's own files."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.ledger.addresses import is_of_an_address, without
from chalicelib.domain.ledger.who import apart
from chalicelib.web.desk.assets import FOLDER, asset_names
from chalicelib.web.desk.times import Times
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import called, reason_given, scope, speaks, worded
from chalicelib.words.desk import LANGUAGES, find

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
    }
)
"""Headers of every answer. The referrer stays at home; without one a browser would not say where a form was posted."""

UNKEPT: Mapping[str, str] = MappingProxyType({"Cache-Control": "no-store", "Vary": "Cookie"})
"""Headers of every answer that tells something: no cache keeps it, not even the browser's own."""


def page(visit: Visit, template: str, /, status: int = 200, **values: Any) -> Answer:
    """Return a whole page. `title` is its heading; it begins the browser's title too."""
    body = _templates().get_template(template).render({**_known(visit), **values})
    return html(body, status)


def part(visit: Visit, template: str, tag: str, shown: Callable[[], Mapping[str, Any]]) -> Answer:
    """Return a part of a page, for the script that shows it in place; nothing where the browser has it already.

    `tag` names what is shown, and `shown` returns it: it is not asked where nothing changed.
    """
    if tag in visit.asked.headers.get("if-none-match", ""):
        return Answer(status=304, headers={**SAFE, **UNKEPT, **_told(visit, tag)})
    given = html(_templates().get_template(template).render({**_known(visit), **shown()}))
    return replace(given, headers={**given.headers, **_told(visit, tag)})


def _told(visit: Visit, tag: str) -> dict[str, str]:
    """Return what the script is told with a part: its name, and our time, since the machine's own may be wrong."""
    return {"ETag": tag, "Desk-Time": str(_epoch(visit.now))}


def filled(template: str, **values: Any) -> str:
    """Return a template of a file that stands by itself: nothing of the visit is in it but what is given."""
    return _templates().get_template(template).render(values)


def html(body: str, status: int = 200) -> Answer:
    """Return HTML with the headers that all of it has."""
    return Answer(status=status, body=body, headers={"Content-Type": "text/html; charset=utf-8", **SAFE, **UNKEPT})


def moved(visit: Visit, path: str, cookies: tuple[str, ...] = ()) -> Answer:
    """Return the answer to a form: the page to look at next. No phone or email gets into its address."""
    headers = {"Location": visit.asked.link(_unaddressed(path)), **SAFE, **UNKEPT}
    return Answer(status=303, headers=headers, cookies=cookies)


def _unaddressed(path: str) -> str:
    """Return a path without those parts of its query that hold a person's address, whoever put them there."""
    page_path, _, query = path.partition("?")
    given = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if not is_of_an_address(value)]
    return path if kept == given else f"{page_path}?{urlencode(kept)}"


def _known(visit: Visit) -> dict[str, Any]:
    """Return what every template may ask for."""
    first, others = _pages(visit)
    known = {
        "visit": visit,
        "say": visit.say,
        "link": visit.link,
        "may": visit.may.__contains__,
        "raw": partial(find, visit.language),
        "author": partial(called, visit),
        "apart": apart,
        "worded": partial(worded, visit),
        "reason_given": partial(reason_given, visit),
        "speaks": partial(speaks, visit),
        "unnamed": without,
        "scope": partial(scope, visit),
        "times": Times(visit.agency.zone if visit.agency else None, visit.now, visit.say),
        "languages": [(code, find(code, "language")) for code in LANGUAGES if code != visit.language],
        "assets": {name: visit.asked.link(f"/desk/assets/{served}") for name, served in asset_names().items()},
        "epoch": _epoch(visit.now),
        "here": visit.asked.path,
        "back": visit.asked.link("/desk"),
        "on_wall": False,
        "pages": first,
        "others": others,
        "among": next((name for name, path in others if path == visit.asked.path), ""),
        "pauses": (),
        "at_resume": False,
    }
    if visit.session:
        roles = ", ".join(visit.say(f"role.{role}") for role in sorted(visit.roles))
        known |= {"person": visit.session.name or visit.session.subject, "roles": roles}
        if visit.session.wall:
            known |= {
                "on_wall": True,
                "back": visit.asked.link(f"/desk/{visit.session.wall_at}/wall"),
                "pages": [],
                "others": [],
            }
    return known


def _pages(visit: Visit) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pages of the agency that somebody may open: those of a bad night, and the others behind one press.

    No link leads to a page that says no. As many as fit beside each other need no press.
    """
    if visit.agency is None:
        return [], []
    may = [(name, below) for name, below, permission in _PAGES if permission in visit.may]
    if len(may) <= _BESIDE:
        return _named(visit, may), []
    first = [one for name in _FIRST for one in may if one[0] == name]
    return _named(visit, first), _named(visit, [one for one in may if one not in first])


def _named(visit: Visit, pages: Iterable[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str]]:
    return [(visit.say(f"base.{name}"), visit.agency_path(*below)) for name, below in pages]


# A page is a row here and a word in `base`, in the order in which people look for it.
_PAGES: tuple[tuple[str, tuple[str, ...], Permission], ...] = (
    ("now", (), Permission.BOARD_SEE),
    ("incident", ("incident",), Permission.INCIDENT_SEE),
    ("find", ("find",), Permission.PERSON_FIND),
    ("pause", ("pause",), Permission.PAUSE),
    ("held", ("held",), Permission.RELEASE),
    ("approvals", ("approvals",), Permission.INCIDENT_SEE),
    ("conversations", ("conversations",), Permission.CONVERSATION_SEE),
    ("watchers", ("watchers",), Permission.WATCHERS_DRILL),
    ("ledger", ("ledger",), Permission.LEDGER_READ),
    ("feeds", ("feeds",), Permission.BOARD_SEE),
    ("keys", ("keys",), Permission.KEYS_MANAGE),
    ("others", ("sessions",), Permission.SESSIONS_MANAGE),
    ("judge", ("judge",), Permission.DRAFT_EDIT),
    ("review", ("judge", "review"), Permission.REVIEW),
    ("alerts", ("alerts",), Permission.INCIDENT_SEE),
    ("follow_ups", ("follow-ups",), Permission.FOLLOW_UPS_SEE),
    ("allegations", ("allegations",), Permission.ALLEGATIONS_SEE),
    ("results", ("results",), Permission.FIGURES_SEE),
    ("report", ("report",), Permission.RESULTS_SEE),
    ("comments", ("comments",), Permission.COMMENTS_READ),
    ("thanks", ("thanks",), Permission.THANKS_SEE),
    ("cards", ("cards",), Permission.CARDS_MAKE),
    ("settings", ("settings",), Permission.SETTINGS_SEE),
    ("drafts", ("drafts",), Permission.SETTINGS_SEE),
    ("shadow", ("shadow",), Permission.FIGURES_SEE),
    ("going_live", ("going-live",), Permission.SHADOW_SIGN),
)

_FIRST = ("now", "pause", "held", "find", "conversations")
"""Pages of a bad night: they stand in front, each under one thumb."""

_BESIDE = 5
"""Pages that stand beside each other on a phone; of more, some are behind one press."""


def _epoch(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@cache
def _templates() -> "SandboxedEnvironment":
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from chalicelib.domain.harmless import as_filled

    return SandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=as_filled,
    )
