"""The settings that a scenario is played by: the agency's as if it were live, with the scenario's own laid over."""

from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.domain.duration import encode_duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.insight.scenarios.read import Sheet
from chalicelib.insight.settings.files import laid_over
from chalicelib.insight.settings.finding import field_name
from chalicelib.insight.settings.shape import convert
from chalicelib.virtual.clock import as_if_live

_TYPES = "incident_types"


def settings_of(sheet: Sheet, agency: Agency) -> Agency:
    """Return the settings of a scenario; InvalidScenario where its own can't be used."""
    own = sheet.scenario.settings
    live = as_if_live(agency)
    if not own:
        return live
    unjudged = replace(live, judgements=Judgements())  # the same in every scenario, and long
    merged, findings = convert(_laid_over(_plain(unjudged), own))
    if merged is None:
        path, finding = ("settings", *findings[0].path), findings[0]
        raise sheet.problem(path, f"{field_name(path)}: {finding.message} {finding.hint}".strip())
    return merged if "judgements" in own else replace(merged, judgements=live.judgements)


def _plain(agency: Agency) -> Any:
    """Return settings as `tomllib` would have read them."""
    return _without_none(msgspec.to_builtins(agency, enc_hook=encode_duration))


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(part) for key, part in value.items() if part is not None}
    return [_without_none(part) for part in value] if isinstance(value, (list, tuple)) else value


def _laid_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Lay settings over others: tables by key, types by their codes, the rest as it stands."""
    merged = laid_over(base, own)
    if isinstance(own.get(_TYPES), list) and _TYPES in base:
        merged[_TYPES] = [*own[_TYPES], *_others(base[_TYPES], own[_TYPES])]
    return merged


def _others(base: list[dict[str, Any]], own: list[Any]) -> list[dict[str, Any]]:
    """Return the types of which the scenario says nothing, less the codes that it speaks of."""
    codes = (rule.get("codes") for rule in own if isinstance(rule, dict))
    taken = [code for listed in codes if isinstance(listed, list) for code in listed]
    kept = ({**rule, "codes": [code for code in rule["codes"] if code not in taken]} for rule in base)
    return [rule for rule in kept if rule["codes"]]
