"""Every address of the desk with the permission that it takes: a route without one can't be written."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Permission
from chalicelib.web.desk import views
from chalicelib.web.desk.visit import View

_P = Permission
_ROOT = "/desk"
OWN = frozenset({"assets", "sign-in", "signed-in", "sign-out", "sessions"})
"""Words behind `/desk/` that name no agency."""


class Route(Struct, frozen=True, kw_only=True):
    """One page or form.

    `also` is a second permission that it takes. A `fragment` is a part of a page that the script asks for: asking is no
    act. `while_locked` is for what only ends a session. `on_wall` is for the screen on the wall, which may have nothing
    else that takes a session.
    """

    method: str
    path: str
    permission: Permission
    view: View
    also: Permission | None = None
    fragment: bool = False
    while_locked: bool = False
    on_wall: bool = False

    @property
    def needed(self) -> frozenset[Permission]:
        """Return the permissions that it takes."""
        return frozenset(filter(None, (self.permission, self.also)))


def _get(path: str, permission: Permission, view: View, *, fragment: bool = False, on_wall: bool = False) -> Route:
    return Route(method="GET", path=path, permission=permission, view=view, fragment=fragment, on_wall=on_wall)


def _post(path: str, permission: Permission, view: View, *, to_end: bool = False) -> Route:
    """Return a form's route; `to_end` is for one that only ends a session, at a locked desk and on the wall too."""
    return Route(method="POST", path=path, permission=permission, view=view, while_locked=to_end, on_wall=to_end)


def _phone(path: str, desk: Permission) -> tuple[Route, Route]:
    """Return the routes on which somebody of a desk sees the phone that they must call back."""
    ask, show = _get(path, _P.PERSON_CALL_BACK, views.ask_phone), _post(path, _P.PERSON_CALL_BACK, views.show_phone)
    return replace(ask, also=desk), replace(show, also=desk)


# A form's answer may be asked for again, in another language or after signing in, so its address is that of a page too.
ROUTES: tuple[Route, ...] = (
    _get("/desk", _P.SIGNED_IN, views.home),
    _get("/desk/assets/{name}", _P.ANYBODY, views.served),
    _get("/desk/sign-in", _P.ANYBODY, views.ask),
    _post("/desk/sign-in", _P.ANYBODY, views.begin),
    _get("/desk/signed-in", _P.ANYBODY, views.finish),
    _get("/desk/sign-out", _P.ANYBODY, views.ask),
    _post("/desk/sign-out", _P.SIGNED_IN, views.leave, to_end=True),
    _get("/desk/sessions", _P.SIGNED_IN, views.sessions),
    _post("/desk/sessions", _P.SIGNED_IN, views.end_one),
    _get("/desk/{agency_id}", _P.BOARD_SEE, views.now),
    _get("/desk/{agency_id}/waiting", _P.BOARD_SEE, views.waiting, fragment=True),
    _get("/desk/{agency_id}/waits", _P.BOARD_SEE, views.waits),
    _get("/desk/{agency_id}/take", _P.BOARD_SEE, views.now),
    _post("/desk/{agency_id}/take", _P.BOARD_SEE, views.take),
    _get("/desk/{agency_id}/wall", _P.BOARD_SEE, views.wall, on_wall=True),
    _post("/desk/{agency_id}/wall", _P.BOARD_SEE, views.hang),
    _get("/desk/{agency_id}/wall-board", _P.BOARD_SEE, views.wall_board, fragment=True, on_wall=True),
    _get("/desk/{agency_id}/wall-hours", _P.BOARD_SEE, views.wall_hours, fragment=True, on_wall=True),
    _get("/desk/{agency_id}/incident", _P.INCIDENT_SEE, views.incident),
    _post("/desk/{agency_id}/incident", _P.INCIDENT_SEE, views.find),
    _get("/desk/{agency_id}/silence", _P.SILENCE, views.incident),
    _post("/desk/{agency_id}/silence", _P.SILENCE, views.silence),
    _get("/desk/{agency_id}/cancel", _P.SILENCE, views.incident),
    _post("/desk/{agency_id}/cancel", _P.SILENCE, views.cancel),
    _get("/desk/{agency_id}/reveal", _P.PERSON_REVEAL, views.ask_reveal),
    _post("/desk/{agency_id}/reveal", _P.PERSON_REVEAL, views.reveal),
    _get("/desk/{agency_id}/pause", _P.PAUSE, views.choose),
    _post("/desk/{agency_id}/pause", _P.PAUSE, views.pause),
    _get("/desk/{agency_id}/pause-preview", _P.PAUSE, views.choose),
    _post("/desk/{agency_id}/pause-preview", _P.PAUSE, views.preview),
    _get("/desk/{agency_id}/resume", _P.RESUME, views.lift),
    _post("/desk/{agency_id}/resume", _P.RESUME, views.resume),
    _get("/desk/{agency_id}/watchers", _P.WATCHERS_DRILL, views.watchers),
    _post("/desk/{agency_id}/watchers", _P.WATCHERS_DRILL, views.drill),
    _get("/desk/{agency_id}/find", _P.PERSON_FIND, views.find_form),
    _post("/desk/{agency_id}/find", _P.PERSON_FIND, views.find_typed),
    _get("/desk/{agency_id}/find-file", _P.PERSON_FIND, views.find_file),
    _get("/desk/{agency_id}/person", _P.PERSON_SEE, views.person),
    _get("/desk/{agency_id}/person-reveal", _P.PERSON_REVEAL, views.person_confirm),
    _post("/desk/{agency_id}/person-reveal", _P.PERSON_REVEAL, views.person_act),
    _get("/desk/{agency_id}/person-opt-out", _P.PERSON_OPT_OUT, views.person_confirm),
    _post("/desk/{agency_id}/person-opt-out", _P.PERSON_OPT_OUT, views.person_act),
    _get("/desk/{agency_id}/person-opt-in", _P.PERSON_OPT_OUT, views.person_confirm),
    _post("/desk/{agency_id}/person-opt-in", _P.PERSON_OPT_OUT, views.person_act),
    _get("/desk/{agency_id}/person-silence", _P.SILENCE, views.person_confirm),
    _post("/desk/{agency_id}/person-silence", _P.SILENCE, views.person_act),
    _get("/desk/{agency_id}/person-unsilence", _P.SILENCE, views.person_confirm),
    _post("/desk/{agency_id}/person-unsilence", _P.SILENCE, views.person_act),
    _get("/desk/{agency_id}/person-hold", _P.PERSON_HOLD, views.person_confirm),
    _post("/desk/{agency_id}/person-hold", _P.PERSON_HOLD, views.person_act),
    _get("/desk/{agency_id}/person-lift", _P.PERSON_HOLD, views.person_confirm),
    _post("/desk/{agency_id}/person-lift", _P.PERSON_HOLD, views.person_act),
    _get("/desk/{agency_id}/person-export", _P.PERSON_EXPORT, views.person_confirm),
    _post("/desk/{agency_id}/person-export", _P.PERSON_EXPORT, views.person_act),
    _get("/desk/{agency_id}/person-protect", _P.PERSON_PROTECT, views.person_confirm),
    _post("/desk/{agency_id}/person-protect", _P.PERSON_PROTECT, views.person_act),
    _get("/desk/{agency_id}/person-unprotect", _P.PERSON_PROTECT, views.person_confirm),
    _post("/desk/{agency_id}/person-unprotect", _P.PERSON_PROTECT, views.person_act),
    _get("/desk/{agency_id}/person-erase", _P.PERSON_ERASE, views.person_confirm),
    _post("/desk/{agency_id}/person-erase", _P.PERSON_ERASE, views.person_act),
    _get("/desk/{agency_id}/ledger", _P.LEDGER_READ, views.ledger),
    _post("/desk/{agency_id}/ledger", _P.LEDGER_READ, views.seek),
    _get("/desk/{agency_id}/ledger-file", _P.LEDGER_READ, views.ledger),
    _post("/desk/{agency_id}/ledger-file", _P.LEDGER_READ, views.export),
    _get("/desk/{agency_id}/access-review", _P.LEDGER_READ, views.access_review),
    _post("/desk/{agency_id}/access-review", _P.LEDGER_READ, views.export_review),
    _get("/desk/{agency_id}/keys", _P.KEYS_MANAGE, views.keys),
    _post("/desk/{agency_id}/keys", _P.KEYS_MANAGE, views.add_key),
    _get("/desk/{agency_id}/key", _P.KEYS_MANAGE, views.key),
    _post("/desk/{agency_id}/key", _P.KEYS_MANAGE, views.change_key),
    _get("/desk/{agency_id}/feeds", _P.BOARD_SEE, views.feeds),
    _get("/desk/{agency_id}/feeds-live", _P.BOARD_SEE, views.feeds_live, fragment=True),
    _get("/desk/{agency_id}/sessions", _P.SESSIONS_MANAGE, views.all_sessions),
    _post("/desk/{agency_id}/sessions", _P.SESSIONS_MANAGE, views.end_sessions),
    _get("/desk/{agency_id}/conversations", _P.CONVERSATION_SEE, views.conversations),
    _get("/desk/{agency_id}/conversation", _P.CONVERSATION_SEE, views.conversation),
    _post("/desk/{agency_id}/conversation", _P.CONVERSATION_SEE, views.see),
    _get("/desk/{agency_id}/conversation-answer", _P.CONVERSATION_ANSWER, views.conversations),
    _post("/desk/{agency_id}/conversation-answer", _P.CONVERSATION_ANSWER, views.reply),
    _get("/desk/{agency_id}/held", _P.RELEASE, views.held),
    _get("/desk/{agency_id}/release", _P.RELEASE, views.held),
    _post("/desk/{agency_id}/release", _P.RELEASE, views.release),
    _get("/desk/{agency_id}/approvals", _P.INCIDENT_SEE, views.approvals),
    _post("/desk/{agency_id}/approvals", _P.INCIDENT_SEE, views.decide),
    _get("/desk/{agency_id}/judge", _P.DRAFT_EDIT, views.judge),
    _post("/desk/{agency_id}/judge", _P.DRAFT_EDIT, views.take_judgements),
    _get("/desk/{agency_id}/judge/review", _P.REVIEW, views.review_judgements),
    _post("/desk/{agency_id}/judge/review", _P.PUBLISH, views.decide_judgements),
    _get("/desk/{agency_id}/follow-ups", _P.FOLLOW_UPS_SEE, views.follow_ups),
    _get("/desk/{agency_id}/follow-up", _P.FOLLOW_UPS_SEE, views.follow_up),
    _post("/desk/{agency_id}/follow-up", _P.FOLLOW_UPS_SEE, views.see_to),
    *_phone("/desk/{agency_id}/follow-up-phone", _P.FOLLOW_UPS_SEE),
    _get("/desk/{agency_id}/allegations", _P.ALLEGATIONS_SEE, views.follow_ups),
    _get("/desk/{agency_id}/allegation", _P.ALLEGATIONS_SEE, views.follow_up),
    _post("/desk/{agency_id}/allegation", _P.ALLEGATIONS_SEE, views.see_to),
    *_phone("/desk/{agency_id}/allegation-phone", _P.ALLEGATIONS_SEE),
    _get("/desk/{agency_id}/alerts", _P.INCIDENT_SEE, views.follow_ups),
    _get("/desk/{agency_id}/alert", _P.INCIDENT_SEE, views.follow_up),
    _post("/desk/{agency_id}/alert", _P.INCIDENT_SEE, views.see_to),
    *_phone("/desk/{agency_id}/alert-phone", _P.INCIDENT_SEE),
    _get("/desk/{agency_id}/thanks", _P.THANKS_SEE, views.thanks),
    _get("/desk/{agency_id}/thanks/card", _P.THANKS_SEE, views.thanks_card),
    _get("/desk/{agency_id}/thanks/digest", _P.THANKS_SEE, views.thanks_digest),
    _get("/desk/{agency_id}/cards", _P.CARDS_MAKE, views.cards),
    _post("/desk/{agency_id}/cards", _P.CARDS_MAKE, views.make_card),
    _get("/desk/{agency_id}/settings", _P.SETTINGS_SEE, views.settings),
    _get("/desk/{agency_id}/settings/file", _P.SETTINGS_SEE, views.settings_file),
    _get("/desk/{agency_id}/settings/compare", _P.SETTINGS_SEE, views.settings_compared),
    _get("/desk/{agency_id}/drafts", _P.SETTINGS_SEE, views.drafts),
    _post("/desk/{agency_id}/drafts", _P.DRAFT_EDIT, views.begin_draft),
    _get("/desk/{agency_id}/drafts/edit", _P.SETTINGS_SEE, views.draft),
    _post("/desk/{agency_id}/drafts/edit", _P.DRAFT_EDIT, views.change_draft),
    _get("/desk/{agency_id}/drafts/review", _P.SETTINGS_SEE, views.review_draft),
    _post("/desk/{agency_id}/drafts/review", _P.REVIEW, views.decide_draft),
    _get("/desk/{agency_id}/drafts/publish", _P.SETTINGS_SEE, views.review_draft),
    _post("/desk/{agency_id}/drafts/publish", _P.PUBLISH, views.publish_draft),
    _get("/desk/{agency_id}/drafts/cancel", _P.SETTINGS_SEE, views.review_draft),
    _post("/desk/{agency_id}/drafts/cancel", _P.SETTINGS_SEE, views.cancel_draft),
    _get("/desk/{agency_id}/drafts/week", _P.SETTINGS_SEE, views.draft_week),
    _post("/desk/{agency_id}/drafts/week", _P.SETTINGS_SEE, views.ask_draft_week),
    _get("/desk/{agency_id}/drafts/week-live", _P.SETTINGS_SEE, views.draft_week_live, fragment=True),
    _get("/desk/{agency_id}/drafts/week-result", _P.SETTINGS_SEE, views.draft_week_result),
    _get("/desk/{agency_id}/going-live", _P.SHADOW_SIGN, views.going_live),
    _post("/desk/{agency_id}/going-live", _P.SHADOW_SIGN, views.sign),
    _get("/desk/{agency_id}/going-live/type", _P.SHADOW_SIGN, views.type_to_sign),
    _get("/desk/{agency_id}/drafts/words", _P.SETTINGS_SEE, views.draft_words),
    _post("/desk/{agency_id}/drafts/words", _P.DRAFT_EDIT, views.change_draft_words),
    _get("/desk/{agency_id}/drafts/phone", _P.SETTINGS_SEE, views.own_phone),
    _post("/desk/{agency_id}/drafts/phone", _P.SETTINGS_SEE, views.change_own_phone),
    _get("/desk/{agency_id}/drafts/rules", _P.SETTINGS_SEE, views.draft_rules),
    _post("/desk/{agency_id}/drafts/rules", _P.DRAFT_EDIT, views.change_draft_rules),
    _get("/desk/{agency_id}/drafts/questions", _P.SETTINGS_SEE, views.draft_questions),
    _post("/desk/{agency_id}/drafts/questions", _P.DRAFT_EDIT, views.change_draft_questions),
    _get("/desk/{agency_id}/drafts/proposal", _P.SETTINGS_SEE, views.proposal),
    _post("/desk/{agency_id}/drafts/proposal", _P.PUBLISH, views.decide_proposal),
    _get("/desk/{agency_id}/drafts/scenarios", _P.SETTINGS_SEE, views.scenarios),
    _post("/desk/{agency_id}/drafts/scenarios", _P.SETTINGS_SEE, views.play_scenarios),
    _get("/desk/{agency_id}/drafts/scenario", _P.SETTINGS_SEE, views.scenarios),
    _post("/desk/{agency_id}/drafts/scenario", _P.DRAFT_EDIT, views.change_scenario),
    _get("/desk/{agency_id}/drafts/cities", _P.SETTINGS_SEE, views.draft_cities),
    _post("/desk/{agency_id}/drafts/cities", _P.DRAFT_EDIT, views.change_draft_cities),
    _get("/desk/{agency_id}/settings/restore", _P.SETTINGS_SEE, views.settings),
    _post("/desk/{agency_id}/settings/restore", _P.PUBLISH, views.restored),
    _get("/desk/{agency_id}/shadow", _P.FIGURES_SEE, views.shadow),
    _post("/desk/{agency_id}/shadow", _P.FIGURES_SEE, views.ask_shadow),
    _get("/desk/{agency_id}/shadow/live", _P.FIGURES_SEE, views.shadow_live, fragment=True),
    _get("/desk/{agency_id}/shadow/result", _P.FIGURES_SEE, views.shadow_result),
    _get("/desk/{agency_id}/comments", _P.COMMENTS_READ, views.comments),
    _get("/desk/{agency_id}/comment", _P.COMMENTS_READ, views.comment),
    _post("/desk/{agency_id}/comment", _P.COMMENTS_READ, views.decide_comment),
    _get("/desk/{agency_id}/results", _P.FIGURES_SEE, views.results),
    _post("/desk/{agency_id}/results", _P.FIGURES_SEE, views.ask_results),
    _get("/desk/{agency_id}/report", _P.RESULTS_SEE, views.quarter_report),
    _post("/desk/{agency_id}/report", _P.RESULTS_SEE, views.make_report),
    _get("/desk/{agency_id}/report/release", _P.RESULTS_SEE, views.quarter_report),
    _post("/desk/{agency_id}/report/release", _P.REPORT_RELEASE, views.release_report),
    _get("/desk/{agency_id}/report/file", _P.RESULTS_SEE, views.report_file),
)


class Found(Struct, frozen=True):
    """The route of a request, and what its address names."""

    route: Route
    parts: Mapping[str, str]


def find(method: str, path: str, routes: tuple[Route, ...] = ROUTES) -> Found | frozenset[str]:
    """Return the route of a request, else the methods that its address takes: none where there is no such address."""
    there = [Found(route, parts) for route in routes if (parts := _parts(route.path, path)) is not None]
    wanted = "GET" if method == "HEAD" else method
    named = next((found for found in there if found.route.method == wanted), None)
    return named or frozenset(found.route.method for found in there)


def _parts(pattern: str, path: str) -> Mapping[str, str] | None:
    """Return what a path names by a pattern, or None for another's; what is the desk's own is no agency."""
    wanted, given = pattern.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    parts: dict[str, str] = {}
    for one, other in zip(wanted, given, strict=True):
        if one[:1] == "{" and other:
            parts[one[1:-1]] = other
        elif one != other:
            return None
    return None if parts.get("agency_id") in OWN else parts
