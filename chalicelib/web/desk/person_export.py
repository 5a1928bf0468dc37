"""Export: all that is kept of a person, as a file that is handed over and kept nowhere."""

from functools import partial

from msgspec import json

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.harmless import as_json
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Reference
from chalicelib.web.desk.asked_why import Reason
from chalicelib.web.desk.looks import looked
from chalicelib.web.desk.page import SAFE, UNKEPT
from chalicelib.web.desk.visit import Answer, Visit


def download(visit: Visit, of: str, reason: Reason) -> Answer | None:
    """Return the file, noted before it is made; None where no call that is kept knows the person."""
    from chalicelib.insight.people.behind import person_behind
    from chalicelib.insight.records.person import export_person

    known = person_behind(visit.world, visit.ours, Reference(of))
    if known is None:
        return None
    theirs = Permission.ALLEGATIONS_SEE in visit.may
    made = partial(export_person, visit.world, known, allegations=theirs)
    told = looked(visit, What.EXPORTED, of, reason, made)
    name = f"person-{of[:12]}.json"
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
        **SAFE,
        **UNKEPT,
    }
    return Answer(body=as_json(json.format(json.encode(told)).decode()), headers=headers)
