"""The first steps of a rehearsal: the same as those of a deployment."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chalicelib.insight.keys.ring import KeyRing
from tenfour.common.errors import CityFailed
from tenfour.stack.change import execute, propose, upload
from tenfour.stack.checks import look_around
from tenfour.stack.deploy import address_of, check_package, effective, furnish
from tenfour.stack.finding import Finding
from tenfour.stack.rehearse_bench import Bench, NotTried
from tenfour.stack.smoke import smoke


def check_account(bench: Bench) -> Iterator[str]:
    """Yield each finding about the account."""
    wanted = bench.wanted
    template = json.loads(Path(wanted.packaged.template).read_text())
    parameters = effective(template, None, wanted.parameters)
    found = [
        *look_around(bench.place, template, wanted.agency, wanted.account, parameters),
        *check_package(wanted.packaged, [wanted.agency] if wanted.agency else []),
    ]
    yield from _told(found)


def put_package(bench: Bench) -> Iterator[str]:
    """Put the package where CloudFormation finds it."""
    bench.template_url = upload(bench.wanted.packaged, bench.place)
    yield f"template {_size(bench.wanted.packaged.template)}, code {_size(bench.wanted.packaged.code)}"
    yield f"the bucket {bench.place.artifacts} stays, for later deployments"


def propose_stack(bench: Bench) -> Iterator[str]:
    """Have CloudFormation read the template, and yield what it would make."""
    if not bench.template_url:
        raise NotTried("the package is not there")
    bench.asked_for_stack = True
    bench.proposed = propose(bench.place, bench.template_url, bench.wanted.parameters)
    for (action, kind), count in sorted(Counter((each.action, each.type) for each in bench.proposed.changes).items()):
        yield f"{action.lower()} {count} {kind}"


def make_stack(bench: Bench) -> Iterator[str]:
    """Have CloudFormation do it."""
    if bench.proposed is None:
        raise NotTried("there is no change set")
    told: list[str] = []
    bench.outputs = execute(bench.place, bench.proposed, told.append)
    yield from told
    yield f"outputs: {', '.join(sorted(bench.outputs))}"


def give_settings(bench: Bench) -> Iterator[str]:
    """Publish the settings in shadow and make a key."""
    ring = KeyRing(bench.place.client("secretsmanager"), bench.stack()["WebhookKeys"])
    bench.agency_id, bench.key = furnish(bench.aws(), bench.wanted, ring)
    if bench.agency_id is None:
        raise NotTried("no settings were given: rehearse with --settings to post an exercise, a text and an email")
    yield "the settings are published in shadow, and a key is there"


def try_doors(bench: Bench) -> Iterator[str]:
    """Knock at the API, as a stranger and with the key."""
    outputs = bench.stack()
    address = (bench.wanted.address or address_of(bench.wanted.parameters, outputs)).rstrip("/")
    yield from _told(smoke(address, bench.aws(), bench.agency_id, bench.key))


def _told(findings: Iterator[Finding] | list[Finding]) -> Iterator[str]:
    """Yield findings as lines; CityFailed after the last one if any would stop a deployment."""
    stops = 0
    for finding in findings:
        stops += finding.level == "stop"
        yield f"{finding.level} {finding.about}: {finding.says}"
    if stops:
        raise CityFailed(f"{stops} of these would stop a deployment")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1024:,.0f} KiB"


BUILD = (
    ("account", "limits, sandboxes, numbers and what stands in the way: the checks of `tenfour deploy`", check_account),
    ("package", "s3:PutObject of the template and the code", put_package),
    ("change set", "cloudformation:CreateChangeSet of a new stack", propose_stack),
    ("stack", "cloudformation:ExecuteChangeSet, and wait", make_stack),
    ("settings", "settings in shadow into DynamoDB, a key into Secrets Manager", give_settings),
    ("smoke test", "GET /health, an unsigned update, a signed exercise", try_doors),
)
