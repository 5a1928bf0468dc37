"""The desk's list as the command has it: the same values and drafts, in the form of a worklist."""

from typing import cast

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import JudgedField
from chalicelib.insight.judging.waiting import Waits, read, waiting
from chalicelib.insight.settings.worklist import Waiting, Worklist, looks
from chalicelib.wiring import Aws, now


def listed(aws: Aws, agency_id: str, agency: Agency) -> Worklist:
    """Return what waits at the desk, under settings that are in a file; two Queries instead of a scan."""
    ours = agency if agency.agency_id == agency_id else aws.settings.agency(agency_id) or agency
    waits = waiting(read(aws, ours), agency, now())
    return Worklist(waiting=tuple(_waiting(one, agency) for one in waits), free_text={}, incidents=0, not_judged=0)


def _waiting(one: Waits, agency: Agency) -> Waiting:
    item, draft = one.came.item, one.draft if one.proposed else None
    return Waiting(
        field=cast("JudgedField", item.field),
        value=item.code,
        meaning=draft.meaning if draft else item.text,
        incidents=one.came.calls,
        examples=one.came.examples,
        looks=looks(item, agency),
        verdicts=draft.verdict if draft else "",
        judged_by=draft.judge.name if draft else "",
        reason=draft.reason if draft else "",
    )
