"""The conformance report: a verdict for each check, and which scenes were seen."""

from collections import Counter
from datetime import datetime

from msgspec import Struct

from chalicelib.insight.certify.read import Run
from chalicelib.insight.certify.scenes import Seen, seen_scenes
from chalicelib.insight.certify.table import CHECKS
from chalicelib.insight.certify.verdict import State, Verdict
from chalicelib.insight.mask import Mask


class Line(Struct, frozen=True, kw_only=True):
    """A check and its verdict, in words that hold no phone and no email."""

    name: str
    rule: str
    people: str
    show: str
    state: State
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """All that a conformance run says."""

    requests: int
    updates: int
    heartbeats: int
    calls: int
    live: bool
    first: datetime | None
    last: datetime | None
    lines: tuple[Line, ...]
    scenes: tuple[Seen, ...]

    def of(self, state: State) -> tuple[Line, ...]:
        """Return the checks with a verdict."""
        return tuple(line for line in self.lines if line.state == state)

    @property
    def good(self) -> bool:
        """Tell whether something was sent, and nothing in it is wrong."""
        return bool(self.of("right")) and not self.of("wrong")

    @property
    def complete(self) -> bool:
        """Tell whether every check is right."""
        return not (self.of("wrong") or self.of("not_seen"))


def certify(run: Run) -> Report:
    """Look at a sender's requests, check by check."""
    mask = Mask(ours=frozenset(name for told in run.news for name in (told.number, told.incident_id) if name))
    places = Counter(post.place for post in run.posts)
    times = sorted(post.at for post in run.posts if post.at)
    looked = [(check, check.look(run)) for check in CHECKS]
    lines = tuple(
        Line(
            name=check.name,
            rule=check.rule,
            people=check.people,
            show=check.show,
            state=verdict.state,
            **_masked(verdict, mask),
        )
        for check, verdict in looked
    )
    return Report(
        requests=len(run.posts),
        updates=len(run.news),
        heartbeats=places["heartbeat"],
        calls=len({told.call for told in run.news if told.call}),
        live=run.live,
        first=times[0] if times else None,
        last=times[-1] if times else None,
        lines=lines,
        scenes=seen_scenes(run),
    )


def _masked(verdict: Verdict, mask: Mask) -> dict[str, tuple[str, ...]]:
    return {"findings": tuple(map(mask.text, verdict.findings)), "notes": tuple(map(mask.text, verdict.notes))}
