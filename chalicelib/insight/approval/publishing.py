"""Publish settings; those that end a protection take two people, stricter ones are a brake and take one."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, both, person_behind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker import weaker
from chalicelib.insight.approval.deed import taken
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.drafts.settle import settle
from chalicelib.insight.settings.calls import published
from chalicelib.wiring import Aws


def publish(aws: Aws, settings: Agency, who: Author, comment: str, at: datetime, source: str = "") -> Agency | Proposal:
    """Publish settings that protect no less than those in force, or propose those that do; Unidentified.

    `source` is the text that they were read from, where that is known. NumberTaken, Conflict. What only narrows is
    published at once, by whoever can reach the table: without the ledger, and also by somebody of whom nobody can say
    who they are.
    """
    before = aws.settings.agency(settings.agency_id)
    version, ends = before.version if before else 0, weaker(before, settings)
    if not ends:
        return aws.settings.publish(settings, who.written, comment, at, over=version, source=source)
    person_behind(who.by)  # nothing is kept for somebody who is nobody
    act = act_to_publish(aws, before, settings, comment, source)
    return propose(aws, Proposal(act=act, by=who.by, at=at, reason=comment, name=who.name))


def act_to_publish(
    aws: Aws, before: Agency | None, settings: Agency, comment: str, source: str = "", **more: str
) -> Act:
    """Return the act of publishing settings over those in force; `more` are words that it has besides."""
    return Act(
        agency_id=settings.agency_id,
        what="publish",
        words={"comment": comment, **more, **aws.settings.propose(settings, source)},
        of=str(before.version if before else 0),
        ends=weaker(before, settings),
    )


def rollback(aws: Aws, agency_id: str, version: int, who: Author, comment: str, at: datetime) -> Agency | Proposal:
    """Publish an earlier version again, or propose it; NoVersion, NumberTaken, Conflict, Unidentified."""
    source = aws.settings.source(agency_id, version)
    return publish(aws, published(aws, agency_id, version), who, f"back to {version}: {comment}", at, source)


class Publishing:
    """Put settings in force that end a protection."""

    def words(self, aws: Aws, act: Act) -> str:
        """Return which settings, over which version, and which of them are others."""
        settings = aws.settings.proposed(act.agency_id, act.words)
        before = aws.settings.version(act.agency_id, int(act.of))
        over = f"over version {act.of}, {_changes(before, settings)}" if before else "as the first version"
        return f"publish settings of {settings.name}, {settings.mode}, {over}: {act.words['comment']}"

    def present(self, aws: Aws, act: Act, _address: str, _at: datetime) -> Act:
        """Return the act over the version that is in force now."""
        before = aws.settings.agency(act.agency_id)
        settings = aws.settings.proposed(act.agency_id, act.words)
        return replace(act, of=str(before.version if before else 0), ends=weaker(before, settings))

    def do(self, aws: Aws, proposal: Proposal, second: Author, _address: str, at: datetime) -> str:
        """Publish the settings, with the entries in the same transaction."""
        act = proposal.act
        done = aws.settings.publish(
            aws.settings.proposed(act.agency_id, act.words),
            both(proposal.author.written, second.written),
            act.words["comment"],
            at,
            over=int(act.of),
            entries=taken(proposal, second, at),
            source=aws.settings.source_named(act.agency_id, act.words.get("source", "")),
        )
        settle(aws, act, done.version, at)
        return f"{done.agency_id}: version {done.version}, {done.mode}; in force within 60 seconds"


def _changes(before: Agency, after: Agency) -> str:
    """Return the names of the settings that are not as they were."""
    names = (name for name in Agency.__struct_fields__ if name != "version")
    return "changing " + ", ".join(name for name in names if getattr(before, name) != getattr(after, name))
