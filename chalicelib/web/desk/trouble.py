"""What somebody reads where the desk does not do what they asked for: what it is, and what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from chalicelib.boundary import report
from chalicelib.domain.desk.permissions import BUNDLES, Permission
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.visit import Answer, Visit

STATUS: Mapping[str, int] = MappingProxyType(
    {
        "unreadable": 400,
        "elsewhere": 403,
        "forbidden": 403,
        "on_wall": 403,
        "not_found": 404,
        "not_allowed": 405,
        "too_many": 429,
        "failed": 500,
        "busy": 503,
        "down": 503,
        "unnoted": 503,
    }
)
_RETRY = frozenset({"busy", "unnoted"})


def trouble(
    visit: Visit, what: str, *more: str, says: str = "", field: str = "", brake: bool = False, **headers: str
) -> Answer:
    """Return the page for one kind of trouble, with more lines where there is more to say; `says` begins them.

    `field` is the one of a form that the words name.

    `brake` puts the brake on it, for whoever may use it: it works while the page that has it does not.
    """
    shown = page(
        visit,
        "trouble.html",
        STATUS[what],
        title=visit.say(f"trouble.{what}"),
        lines=(visit.say(f"trouble.{says or what + '_says'}", field=field), *more),
        brake=brake and visit.agency is not None,
        stopped=False,
        resumable=False,
    )
    waits = {"Retry-After": "2"} if what in _RETRY else {}
    return replace(shown, headers={**shown.headers, **waits, **headers})


def still_paged(visit: Visit, problem: NotNoted) -> Answer:
    """Say that what would end a page to somebody was not done, so that they go on being paged."""
    report(problem, "note what ends a page")
    return trouble(visit, "unnoted", visit.say("trouble.unnoted_paged"))


def forbidden(visit: Visit, permission: Permission) -> Answer:
    """Return the page for what somebody's roles do not allow. Of an agency where they have no role it says nothing.

    So an agency that does not exist looks like one that is not theirs.
    """
    lines = []
    if visit.roles:
        takes = sorted(role for role, bundle in BUNDLES.items() if permission in bundle)
        named = (", ".join(visit.say(f"role.{role}") for role in roles) for roles in (takes, sorted(visit.roles)))
        lines.append(visit.say("trouble.forbidden_takes", **dict(zip(("roles", "yours"), named, strict=True))))
    lines.append(visit.say("trouble.forbidden_whom"))
    if visit.asked.method == "POST":
        lines.append(visit.say("trouble.forbidden_act"))
    return trouble(visit, "forbidden", *lines, says="forbidden_role" if visit.roles else "")
