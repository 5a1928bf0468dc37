"""One draft, as its editor has it: the whole text, and what the check says of each line of it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.source import as_typed, unseen_line
from chalicelib.ports.errors import Conflict
from chalicelib.web.desk.draft_pages import LONGEST, about, comment_of
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.check import Checked

DID = ("save", "take", "leave", "discard", "ask")
_WRONG_INPUT = frozenset({"no_reason", "bad_time", "unsound"})


def draft(visit: Visit) -> Answer:
    """Show a draft."""
    found = found_draft(visit, visit.asked.query.get("id", ""))
    return trouble(visit, "not_found") if found is None else _shown(visit, found)


def change_draft(visit: Visit) -> Answer:
    """Do with a draft what was pressed, or say who wrote it meanwhile, with what was typed still in its place."""
    form = visit.asked.form
    found = found_draft(visit, form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    typed, comment = as_typed(form["text"]) if "text" in form else None, comment_of(form.get("comment", ""))
    if str(found.number) != form.get("number", ""):
        return _stale(visit, found, typed)
    act = form.get("act", "")
    if act in ("save", "ask") and (problem := _unfit(visit, typed, comment)):
        return _shown(visit, found, problem, 422, typed)
    try:
        after = _do(visit, act, found, typed, comment)
    except Conflict:
        return _stale(visit, found_draft(visit, found.id) or found, typed)
    except Refused as refused:
        return _shown(visit, found, why(visit, refused), status(refused), typed)
    except ValueError:
        return _shown(visit, found_draft(visit, found.id) or found, visit.say("draft_why.unsound"), 422)
    if act == "take" and typed not in (None, _text(visit, after)):
        return _shown(visit, after, visit.say("drafts.taken"), typed=typed)  # what was typed before is not saved yet
    return moved(visit, _next(visit, after))


def found_draft(visit: Visit, name: str) -> Draft | None:
    """Return a draft of this agency's by its name."""
    return visit.world.drafts.find(visit.ours.agency_id, name) if name else None


def why(visit: Visit, refused: Refused) -> str:
    """Return why something was not done, in words."""
    return visit.say(f"draft_why.{refused.why}")


def status(refused: Refused) -> int:
    """Return the HTTP status that says so."""
    return 422 if refused.why in _WRONG_INPUT else 409


def _do(visit: Visit, act: str, found: Draft, typed: str | None, comment: str) -> Draft:
    from chalicelib.insight.drafts import write

    aws, name, who, now = visit.world, visit.ours.agency_id, acting(visit.person), visit.now
    acts: dict[str, tuple[str, Callable[[], Draft]]] = {
        "take": ("taken over", partial(write.take_over, aws, name, found, who, now)),
        "leave": ("left for others", partial(write.leave, aws, name, found, who, now)),
        "discard": ("discarded", partial(write.discard, aws, name, found, who, now)),
    }
    if typed is not None:
        saved = partial(write.save, aws, name, found, typed, comment, who, now)
        acts["save"] = "saved", saved
        acts["ask"] = "sent for review", lambda: write.ask(aws, name, saved(), who, now)
    if act not in acts:
        return found
    told, does = acts[act]
    return noted(visit, What.DRAFTED, about(found.id, told), does)


def _unfit(visit: Visit, typed: str | None, comment: str) -> str:
    """Return what keeps a text from being kept at all, or nothing."""
    unseen = unseen_line(typed or "")
    if unseen:
        return visit.say("drafts.unseen", n=unseen)
    return "" if comment else visit.say("drafts.no_comment")


def _stale(visit: Visit, found: Draft, typed: str | None) -> Answer:
    """Say that somebody wrote meanwhile. What was typed stands in the form, and can be saved over what is there now."""
    if found.ended:
        return _shown(visit, found, visit.say("draft_why.ended"), 409)
    if typed in (None, _text(visit, found)):
        return _shown(visit, found, visit.say("drafts.stale_same"), 409)
    return _shown(visit, found, visit.say("drafts.stale"), 409, typed)


def _text(visit: Visit, found: Draft) -> str:
    return visit.world.drafts.text(visit.ours.agency_id, found.text) or ""


def _next(visit: Visit, after: Draft) -> str:
    if after.state == "discarded":
        return visit.agency_path("drafts")
    where = "review" if after.state == "review" else "edit"
    return f"{visit.agency_path('drafts', where)}?id={after.id}"


def _shown(visit: Visit, found: Draft, problem: str = "", code: int = 200, typed: str | None = None) -> Answer:
    from chalicelib.insight.settings.check_text import check_text
    from chalicelib.insight.settings.lines import differing

    stored = _text(visit, found)
    text = stored if typed is None else typed
    present = visit.world.settings.latest(visit.ours.agency_id) or visit.ours
    checked = check_text(text, present)
    who = acting(visit.person)
    return page(
        visit,
        "draft.html",
        code,
        title=visit.say("drafts.one", comment=found.comment),
        draft=found,
        problem=problem,
        comment=comment_of(visit.asked.form.get("comment", "")) if typed is not None else found.comment,
        text=text,
        longest=LONGEST,
        checked=checked,
        findings=_findings(checked),
        mine=found.is_editor(who),
        stale=differing(stored, text) if typed is not None else (),
        moved_on=present.version if present.version != found.base else 0,
        pauses=standing(visit),
    )


def _findings(checked: "Checked") -> list[dict[str, Any]]:
    return [
        {"line": one.line, "field": one.field, "severity": one.severity, "message": one.message, "hint": one.hint}
        for one in checked.found
    ]
