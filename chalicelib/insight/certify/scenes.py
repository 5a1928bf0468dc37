"""The script of a conformance run: the scenes of a call's life, and which of them were seen."""

from collections.abc import Callable

from msgspec import Struct

from chalicelib.insight.certify.post import Told
from chalicelib.insight.certify.read import Run


class Scene(Struct, frozen=True, kw_only=True):
    """One thing that happens in a dispatch system, and how it is known in an update."""

    name: str
    play: str
    shows: Callable[[Told, list[Told]], bool]


class Seen(Struct, frozen=True):
    """A scene, and where it was seen; blank where it was not."""

    name: str
    play: str
    where: str


def _tells(*names: str) -> Callable[[Told, list[Told]], bool]:
    return lambda told, _before: any(told.words.get(name) for name in names)


def _changes(*names: str) -> Callable[[Told, list[Told]], bool]:
    def changes(told: Told, before: list[Told]) -> bool:
        return any(
            told.words.get(name) and earlier.words.get(name) and told.words[name] != earlier.words[name]
            for earlier in before
            for name in names
        )

    return changes


def _renumbered(told: Told, before: list[Told]) -> bool:
    return bool(told.incident_id and told.number and any(earlier.number != told.number for earlier in before))


def _linked(told: Told, _before: list[Told]) -> bool:
    link = told.words.get("linked_to")
    return link is not None and link.relation in ("duplicate_of", "merged_into")


SCENES = (
    Scene(
        name="received",
        play="Take a call with a caller's phone.",
        shows=lambda told, _before: bool(told.words.get("received_at") and told.parties),
    ),
    Scene(name="dispatched", play="Assign a unit.", shows=_tells("dispatched_at", "enroute_at")),
    Scene(name="arrived", play="Let the unit arrive.", shows=_tells("arrived_at")),
    Scene(name="re-typed", play="Change the type of an open call.", shows=_changes("incident_type")),
    Scene(name="closed", play="Close the call with a disposition.", shows=_tells("closed_at")),
    Scene(name="case number", play="Give a call a case number.", shows=_tells("case_numbers")),
    Scene(
        name="number late or changed",
        play="Let a call get its number late, or another one, under one incident_id.",
        shows=_renumbered,
    ),
    Scene(name="cancelled", play="Cancel a call.", shows=_tells("cancelled_at")),
    Scene(name="duplicate", play="Mark a call as the duplicate of another.", shows=_linked),
    Scene(
        name="drill", play="Enter a call of a drill.", shows=lambda told, _before: told.words.get("exercise") is True
    ),
    Scene(
        name="taken back",
        play="Undo an arrival or a closing that was entered by mistake.",
        shows=lambda told, before: any(
            value is None and any(earlier.words.get(name) for earlier in before) for name, value in told.words.items()
        ),
    ),
)


def seen_scenes(run: Run) -> tuple[Seen, ...]:
    """Return each scene, and the first request that shows it."""
    found = dict[str, str]()
    for call in run.calls.values():
        for position, told in enumerate(call):
            for scene in SCENES:
                if scene.name not in found and scene.shows(told, call[:position]):
                    found[scene.name] = told.post.where
    return tuple(Seen(scene.name, scene.play, found.get(scene.name, "")) for scene in SCENES)
