"""The report in sentences, and what somebody should look at first: the same on the terminal and on the page."""

from collections.abc import Iterator

from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.shadow.report import MANY_A_DAY, MANY_IN_ALL, NO_TYPE, ShadowReport

_OUR_FAULT = frozenset({Reason.UNRENDERABLE, Reason.FAILED_HERE, Reason.TOO_MANY_ATTEMPTS})


def findings(report: ShadowReport) -> Iterator[str]:
    """Yield what calls for a decision, the gravest first."""
    yield from _too_late(report)
    yield from _failures(report)
    yield from _unjudged(report)
    yield from _unknown(report)
    yield from _lost_by_night(report)
    yield from _people(report)
    yield from _messages(report)


def opening(report: ShadowReport) -> Iterator[str]:
    """Yield the report in a few sentences."""
    if not report.incidents and not report.total("messages"):
        yield "Nothing was decided: no call came in and no message was due."
        return
    texts, emails = counted(report.total("texts"), "text"), counted(report.total("emails"), "email")
    yield f"{counted(report.total('messages'), 'message')} would have gone: {texts} and {emails}."
    rate = f", about ${report.cost_a_month:,.0f} a month" if report.day is None and report.cost_a_month >= 1 else ""
    segments = counted(report.total("segments"), "segment")
    yield f"The texts take {segments}: ${report.cost:,.2f} to the carrier at ${report.price:g} each{rate}."
    waiting = f", {report.only_waiting:,} still waiting for their first" if report.only_waiting else ""
    told = f"{report.with_message:,} with a message, {report.without:,} without{waiting}"
    yield f"{counted(report.incidents, 'incident')}: {told}."


def counted(number: int, one: str, many: str = "") -> str:
    """Return `1 message`, `2,000 messages`; `many` where an s does not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _too_late(report: ShadowReport) -> Iterator[str]:
    for turned in report.turned:
        yield (
            f"Known too late ({turned.reason.replace('_', ' ')}): {counted(turned.messages, 'message')} would have "
            f"gone about {counted(len(turned.incidents), 'incident')} before it turned out that nothing may be said."
        )


def _failures(report: ShadowReport) -> Iterator[str]:
    for reason in report.reasons:
        if reason.reason in _OUR_FAULT:
            yield f"On {counted(reason.incidents, 'incident')} something failed: {reason.meaning}."


def _unjudged(report: ShadowReport) -> Iterator[str]:
    if report.unjudged:
        share = report.unjudged_incidents / report.incidents
        first = report.unjudged[0]
        yield (
            f"{counted(len(report.unjudged), 'value')} that nobody has judged, on {share:.1%} of all incidents: they "
            f"are silent. {first.words} is the commonest. Two people judge them with `tenfour settings judge`."
        )


def _unknown(report: ShadowReport) -> Iterator[str]:
    unlisted = [each for each in report.unknown_types if each.code != NO_TYPE and not each.held_back]
    if unlisted:
        opened = sum(each.opened for each in unlisted)
        judging = ", and judging their words," if report.unjudged else ""
        yield (
            f"{counted(len({each.code for each in unlisted}), 'type')} not in the settings, "
            f"{sum(each.share for each in unlisted):.1%} of all incidents. Listing them{judging} would open "
            f"{counted(opened, 'more incident')}; the safety floor would still hold the rest."
        )
    unmapped = report.unmapped_dispositions
    if unmapped:
        untold = sum(each.incidents for each in report.reasons if each.reason == Reason.UNMAPPED_DISPOSITION)
        heard = f": nobody hears how {counted(untold, 'incident')} ended" if untold else ""
        yield (
            f"{counted(len(unmapped), 'disposition')} without a class in the settings, {unmapped[0].code} the "
            f"commonest{heard}."
        )


def _lost_by_night(report: ShadowReport) -> Iterator[str]:
    """Yield what is never said because its hours begin too late: nobody would miss it in the other counts."""
    night = {kind: number for each in report.reasons if each.reason == Reason.QUIET_HOURS
             for kind, number in each.kinds.items()}  # fmt: skip
    for kind in report.kinds:
        lost = night.get(kind.kind, 0)
        if lost:
            yield (
                f"{lost:,} of {lost + kind.messages + kind.went:,} messages of the kind {kind.kind} come to nothing: "
                f"at night they may not go, and in the morning it is too late. hours.{kind.kind} says when they may."
            )


def _people(report: ShadowReport) -> Iterator[str]:
    if report.people:
        yield (
            f"{counted(len(report.people), 'person', 'people')} of {report.people_in_all:,} would get more than "
            f"{MANY_A_DAY} messages in a day or more than {MANY_IN_ALL} in all."
        )
    held = sum(report.held_by_caps.values())
    if held:
        yield f"Live, the caps in the settings would hold back {counted(held, 'message')} that the counts include."


def _messages(report: ShadowReport) -> Iterator[str]:
    by_night = sum(night.messages for night in report.night)
    if by_night:
        yield f"{counted(by_night, 'message')} would go between 22:00 and 7:00."
    if report.long_texts:
        yield f"{counted(report.long_texts, 'text')} would take more than one segment, and cost accordingly."
    went = report.total("went")
    if went:
        yield f"{counted(went, 'message')} really went: they are live, and counted apart."
