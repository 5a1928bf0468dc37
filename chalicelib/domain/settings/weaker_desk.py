"""Find whom other settings let in at the desk, or for longer, or after a lesser sign-in. Pure."""

from collections.abc import Iterator

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.desk import Desk


def let_in(before: Agency, after: Agency) -> Iterator[str]:
    """Yield what the desk's settings widen; the first roles of an agency are a widening too."""
    was, is_now = before.desk, after.desk
    if was == is_now:
        return
    for value, roles in sorted(_gained(was, is_now).items()):
        yield f"desk.roles gives {', '.join(roles)} to {value!r}"
    for name in ("idle", "longest", "wall"):
        if getattr(is_now, name) > getattr(was, name):
            yield f"desk.{name} gets longer: {getattr(was, name)} becomes {getattr(is_now, name)}"
    for role, boxes in is_now.mail.to.items():
        for box in sorted({*boxes} - {*was.mail.to.get(role, ())}):
            yield f"desk.mail.to tells {box} how much waits for {role}"
    if was.methods and not (is_now.methods and set(is_now.methods) <= set(was.methods)):
        yield f"desk.methods lets people in who signed in by other ways than {', '.join(was.methods)}"


def _gained(was: Desk, is_now: Desk) -> dict[str, list[str]]:
    """Return the roles that each value gets more; the same value of another claim is another one."""
    known = was.roles if was.claim == is_now.claim else {}
    gained = {value: set(roles) - set(known.get(value, ())) for value, roles in is_now.roles.items()}
    return {value: sorted(role.value for role in roles) for value, roles in gained.items() if roles}
