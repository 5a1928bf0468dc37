"""Values that nobody judged, at a desk over memory, and people who judge them."""

import re

from msgspec.structs import replace

from chalicelib.domain.desk.unjudged import Heard, value_id
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.settings.judgements import Judgements
from tests.web.desk.world import asked

JUDGE, REVIEW = "/desk/springfield/judge", "/desk/springfield/judge/review"


def strict(world, *entries, agency="springfield"):
    """Let an agency judge each value that it texts about: only these are judged."""
    ours = replace(world.settings.agency(agency), judgements=Judgements(entries))
    world.settings._port._agencies[agency] = ours
    if agency == "springfield":
        world.city.agency = ours


def value(code, text="", field="incident_type"):
    """Return a value as dispatch says it."""
    return Evidence(field, code, text)


def comes(world, item, calls=1, agency="springfield", batch=None):
    """Let a value come in so many calls, and return its short name."""
    numbers = tuple(f"P26-{n}" for n in range(calls))
    world.judging.came(agency, [Heard(item, numbers)], batch or f"{item} {calls}", world.now)
    return value_id(item)


def answer(name, verdict, number=0, **more):
    """Return a form's answer about one value."""
    told = {"v": verdict, "n": str(number), **more}
    return {f"{key}.{name}": given for key, given in told.items()}


def judges(world, cookie, *answers):
    """Send a screen of answers."""
    form = {key: given for one in answers for key, given in one.items()}
    return asked(world, "POST", JUDGE, cookie=cookie, form=form)


def decides(world, cookie, name, verdict, digest=None, **more):
    """Send a decision about one draft, by the digest that the page shows."""
    shown = asked(world, "GET", REVIEW, cookie=cookie).body
    found = re.search(rf'name="d\.{name}" value="([0-9a-f]+)"', shown)
    told = {"v": verdict, "d": digest or (found[1] if found else ""), **more}
    return asked(world, "POST", REVIEW, cookie=cookie, form={f"{key}.{name}": one for key, one in told.items()})


def verdicts_of(world, agency="springfield"):
    """Return what the settings in force say of each value that was judged, and who judged it."""
    entries = world.settings.agency(agency).judgements.entries
    return {entry.name: (*sorted(entry.verdicts), *entry.judged_by) for entry in entries}
