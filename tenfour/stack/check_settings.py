"""Check an agency's settings before they come into a stack, and whether their links lead to it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker import weaker
from tenfour.stack.finding import Finding

_GATEWAY = re.compile(r"https?://(?P<api>[a-z0-9-]+)\.execute-api\.", re.IGNORECASE)


def check_first_settings(agency: Agency | None, problems: Iterable[str], there: Sequence[Agency]) -> Iterator[Finding]:
    """Yield what keeps an agency's first settings from being published; `there` are those that a stack has.

    Settings that would text people take two people, and a deployment takes one. `problems` are the file's errors:
    `tenfour settings publish` refuses them too.
    """
    if agency is None or agency.agency_id in {each.agency_id for each in there}:
        return  # they are left as they are
    yield from (Finding("stop", "settings", problem) for problem in problems)
    if weaker(None, agency):
        says = "an agency begins in shadow: going live takes two people, by `tenfour settings publish` and `approve`"
        yield Finding("stop", "settings", says)


def check_links(
    agencies: Iterable[Agency], parameters: Mapping[str, str], outputs: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield where links in texts are at API Gateway's own address, and that is another stack's, or will be closed.

    `parameters` are those that the stack will have, `outputs` those that it has: none before there is one.
    """
    closes = bool(parameters.get("PublicDomain") and parameters.get("CadDomain"))
    for agency in agencies:
        gateway = _GATEWAY.match(agency.survey.link)
        if gateway is None:
            continue
        named = f"{agency.agency_id}: survey.link is {agency.survey.link}, "
        if closes:
            live = "live" in {agency.mode, *(city.mode for city in agency.cities)}
            how = f"publish https://{parameters['PublicDomain']}/s first"
            yield Finding("stop" if live else "live", "settings", f"{named}which closes with both domains: {how}")
        elif gateway["api"] != outputs.get("RestAPIId"):
            own = _own_link(parameters, outputs)
            yield Finding("live", "settings", f"{named}which is not this stack's address: publish {own}")


def _own_link(parameters: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    if domain := parameters.get("PublicDomain"):
        return f"https://{domain}/s"
    return f"{outputs['EndpointURL']}s" if "EndpointURL" in outputs else "the one that is printed at the end"
