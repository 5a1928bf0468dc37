"""A deployment from its checks to its smoke test, in the order in which somebody would do it by hand.

    look around ─▶ upload ─▶ propose ─▶ agree ─▶ execute ─▶ settings and a key, the first time ─▶ smoke test

Nothing is kept on the machine that deploys: CloudFormation knows the stack, the bucket has the package.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from chalicelib.auth import WebhookKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.keys.make import fresh_key
from chalicelib.insight.keys.ring import KeyRing
from chalicelib.insight.people.caller import anybody
from chalicelib.wiring import Aws, now
from tenfour.common.account import config_of
from tenfour.common.errors import CityFailed
from tenfour.stack.change import (
    ChangeSet,
    ResourceChange,
    execute,
    outputs_of,
    parameters_of,
    propose,
    upload,
    withdraw,
)
from tenfour.stack.check_index import lacks_index, remind
from tenfour.stack.check_settings import check_first_settings, check_links
from tenfour.stack.checks import look_around
from tenfour.stack.finding import Finding
from tenfour.stack.package import Package
from tenfour.stack.place import Place
from tenfour.stack.smoke import smoke

HOLDS_DATA = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::SMSVOICE::OptOutList",
        "AWS::SecretsManager::Secret",
    }
)


TO_DO = (
    *("PublicDomainTarget", "CadDomainTarget", "DeskDomainTarget", "DeskCallback"),
    *("EmailDns1", "EmailDns2", "EmailDns3", "TextPool"),
)
"""Outputs that somebody else must do something about, or know."""


class Wanted(Struct, frozen=True, kw_only=True):
    """One deployment; `agency` is published if the stack has no settings of it yet, `address` is its own domain.

    `problems` are the errors of the agency's file.
    """

    packaged: Package
    agency: Agency | None = None
    problems: tuple[str, ...] = ()
    account: str | None = None
    address: str | None = None
    parameters: Mapping[str, str] = {}


class Deployed(Struct, frozen=True, kw_only=True):
    """How it went, for people and for programs; without `address` nothing was changed.

    `address` is where dispatch posts, `public_address` where people open pages, `desk` where the agency's own people
    sign in. `to_do` is what the stack wants of
    others, each by its output's name, and `hints` say what to do with it.
    """

    account: str
    region: str
    stack: str
    findings: tuple[Finding, ...]
    changes: tuple[ResourceChange, ...] = ()
    address: str | None = None
    public_address: str | None = None
    desk: str | None = None
    agency_id: str | None = None
    key_name: str | None = None
    alarms_topic: str | None = None
    parameters: Mapping[str, str] = {}
    to_do: tuple[tuple[str, str], ...] = ()
    hints: Mapping[str, str] = {}

    @property
    def stopped(self) -> bool:
        """Tell whether something keeps it from going on."""
        return any(finding.level == "stop" for finding in self.findings)


class Talk(Struct, frozen=True):
    """The person at the terminal, who reads a deployment's findings and may refuse it."""

    found: Callable[[Finding], None]
    agree: Callable[[ChangeSet], bool]
    tell: Callable[[str], None]


def deploy(place: Place, wanted: Wanted, talk: Talk) -> Deployed:
    """Deploy what is wanted, or say why not; CityFailed where CloudFormation can't."""
    findings: list[Finding] = []

    def found(finding: Finding) -> None:
        findings.append(finding)
        talk.found(finding)

    def so_far(**more: object) -> Deployed:
        shared = {"account": place.account, "region": place.region, "stack": place.stack}
        return Deployed(**shared, findings=tuple(findings), **more)  # type: ignore[arg-type]

    template = json.loads(Path(wanted.packaged.template).read_text())
    parameters = effective(template, parameters_of(place), wanted.parameters)
    for finding in look_around(place, template, wanted.agency, wanted.account, parameters):
        found(finding)
    for finding in check_package(wanted.packaged, agencies_of(place, wanted.agency)):
        found(finding)
    there = agencies_of(place, None)
    for finding in check_first_settings(wanted.agency, wanted.problems, there):
        found(finding)
    for finding in check_links(there or filter(None, [wanted.agency]), parameters, outputs_of(place)):
        found(finding)
    if so_far().stopped:
        return so_far()
    proposed = propose(place, upload(wanted.packaged, place), wanted.parameters)
    refuse_to_lose_data(proposed, place)
    if not talk.agree(proposed):
        withdraw(place, proposed)
        return so_far(changes=proposed.changes)
    lacked = lacks_index(place)
    outputs = execute(place, proposed, talk.tell)
    aws = _aws(place, outputs)
    remind(aws, [each.agency_id for each in there], talk.tell, lacked=lacked)
    agency_id, key = furnish(aws, wanted, KeyRing(place.client("secretsmanager"), outputs["WebhookKeys"]))
    address = (wanted.address or address_of(parameters, outputs)).rstrip("/")
    certificates = bool(parameters.get("CadDomain"))
    for finding in smoke(address, aws, agency_id, key, certificates):
        found(finding)
    return so_far(
        changes=proposed.changes,
        address=f"https://{parameters['CadDomain']}" if certificates else address,
        public_address=address,
        agency_id=agency_id,
        key_name=key.name if key else None,
        alarms_topic=outputs["AlarmsTopic"],
        desk=outputs.get("DeskAddress"),
        parameters=parameters,
        to_do=tuple((name, outputs[name]) for name in TO_DO if name in outputs),
        hints={name: template["Outputs"][name]["Description"] for name in TO_DO if name in outputs},
    )


def effective(template: Mapping[str, Any], known: Mapping[str, str] | None, given: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that a stack will have: given, else as they are, else by default. CityFailed."""
    declared = template.get("Parameters", {})
    for name in given.keys() - declared.keys():
        raise CityFailed(f"--parameter {name}: there is none; there are {', '.join(sorted(declared))}")
    return {
        name: given.get(name, (known or {}).get(name, str(each.get("Default", "")))) for name, each in declared.items()
    }


def address_of(parameters: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    """Return where everybody but dispatch finds a stack."""
    domain = parameters.get("PublicDomain")
    return f"https://{domain}" if domain else outputs["EndpointURL"]


def _aws(place: Place, outputs: Mapping[str, str]) -> Aws:
    return Aws(config_of(outputs, place.region, place.stack), now, place.client)


def agencies_of(place: Place, more: Agency | None) -> tuple[Agency, ...]:
    """Return the agencies that a stack serves, and will serve."""
    outputs = outputs_of(place)
    found = [more] if more else []
    if "Settings" in outputs:
        settings = _aws(place, outputs).settings
        found += filter(None, map(settings.agency, settings.agencies()))
    return tuple(found)


def send_by_twilio(agencies: Iterable[Agency]) -> bool:
    """Tell whether any of the agencies sends by Twilio, so that the package must have what that takes."""
    return any("twilio" in (*each.providers.sms, *each.providers.email) for each in agencies)


def check_package(packaged: Package, agencies: Iterable[Agency]) -> Iterator[Finding]:
    """Yield a finding where the settings need what a package has not."""
    with zipfile.ZipFile(packaged.code) as code:
        lacks = "twilio/__init__.py" not in code.namelist()
    if lacks and send_by_twilio(agencies):
        says = "the settings send by Twilio and this package can't: make it by `tenfour package --twilio`"
        yield Finding("stop", "package", says)


def refuse_to_lose_data(proposed: ChangeSet, place: Place) -> None:
    """Raise CityFailed where something that holds data would be replaced by an empty one."""
    lost = [change for change in proposed.changes if change.replaced and change.type in HOLDS_DATA]
    if lost:
        withdraw(place, proposed)
        names = ", ".join(change.name for change in lost)
        raise CityFailed(f"CloudFormation would put an empty {names} in the place of the one with your data; not done")


def furnish(aws: Aws, wanted: Wanted, ring: KeyRing) -> tuple[str | None, WebhookKey | None]:
    """Give a new stack its first settings and key; what is there is left as it is. Return the agency and its key."""
    known = aws.settings.agencies()
    if wanted.agency and wanted.agency.agency_id not in known:
        aws.settings.publish(wanted.agency, anybody(aws), "first deployment", now(), over=0)
        known = [*known, wanted.agency.agency_id]
    for agency_id in known:
        aws.settings.know_tables(agency_id)
    ours = wanted.agency.agency_id if wanted.agency else next(iter(known), None)
    if ours is None:
        return None, None
    keys = ring.of(ours, "cad")
    return ours, keys[-1] if keys else ring.add(fresh_key(f"{ours}-cad-1", "cad", ours))
