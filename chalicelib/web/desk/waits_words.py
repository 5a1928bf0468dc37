"""Words for what waits for somebody: a sentence that begins with the word that matters, and the next step."""

from collections.abc import Iterable, Sequence

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.permissions import Permission, Role
from chalicelib.domain.desk.taking import may_take, seen_to_by
from chalicelib.domain.desk.to_decide import DECIDES
from chalicelib.web.desk.leads import opened_by, step
from chalicelib.web.desk.visit import Visit


def wait_words(visit: Visit, one: Waiting) -> str:
    """Return in one sentence what waits."""
    texts = visit.say("waits.one_text" if one.count == 1 else "waits.texts", n=one.count)
    counted = "_share" if one.cause is Cause.UNJUDGED and one.count else ""
    counted = "_of" if one.cause is Cause.APPROVAL and one.called else counted
    return visit.say(
        f"waits.{_known(one)}{counted}",
        n=one.count,
        count=texts,
        cause=one.cause,
        act=_act(visit, one),
        of=one.called,
        about=_provider(one.about),
        trouble=_one_of(visit, "feed", one.about),
        detail=_one_of(visit, "held" if one.cause is Cause.HELD else "desk", one.detail),
    )


def wait_next(visit: Visit, one: Waiting) -> str:
    """Return the step that comes next, or who can take it where this person can't.

    Where no link leads this person on, the sentence says who may open the page, or which command there is.
    """
    if not may_take(one, visit.may):
        return _is_for(visit, seen_to_by(one))
    approves = one.cause is Cause.UNJUDGED and Permission.DRAFT_EDIT not in visit.may
    says = visit.say("waits.unjudged_review" if approves else f"waits.{_known(one)}_next")
    open_to = opened_by(one.cause)
    if not open_to or step(visit, one.cause)[0] or (one.incident_number and Permission.INCIDENT_SEE in visit.may):
        return says
    return f"{says} {_is_for(visit, open_to)}"


def next_of_all(visit: Visit, found: Sequence[Waiting]) -> str:
    """Return the step that comes next for all of these, or "" where it is not the same one."""
    says = {wait_next(visit, one) for one in found}
    return says.pop() if len(says) == 1 else ""


def _is_for(visit: Visit, roles: Iterable[Role]) -> str:
    return visit.say("waits.is_for", roles=", ".join(visit.say(f"role.{role}") for role in roles))


def _known(one: Waiting) -> str:
    return one.cause if one.cause in _CAUSES else "other"


_CAUSES = frozenset(Cause)


def _one_of(visit: Visit, group: str, value: str) -> str:
    """Return the words for a value of a group, or those for one that only another release knows."""
    try:
        return visit.say(f"waits.{group}_{value}")
    except KeyError:
        return visit.say(f"waits.{group}_other")


def _act(visit: Visit, one: Waiting) -> str:
    """Return the words for what somebody proposed, as Approvals has them, which names the call of a release, too."""
    known = one.detail if one.detail in DECIDES else "other"
    return visit.say(f"approvals.what.{'a_release' if known == 'release' else known}")


def _provider(name: str) -> str:
    from chalicelib.insight.explain.words import PROVIDERS

    return {str(known): words for known, words in PROVIDERS.items()}.get(name, name)
