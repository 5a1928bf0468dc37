"""Decide requests by our policies as IAM does. `make audit` runs it by its own Python, which has node.

The simulator was written by others (`simulator/`). It tries each action of each service that we use: on each resource
of the template, and on made-up ones of another stack and of another account. Every call that functions were seen to
make must be allowed, and nothing else. `must_not.py` has rules beside that; they come from our documents. Then each
policy of `sabotage.py` is broken, and something must be found.
"""

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from account import Account
from must_not import MAY, MUST_NOT, NONE_MAY
from policies import ASKED_FOR, NEVER
from sabotage import ways_to_break

CALLS = Path(__file__).with_name("calls.txt")
"""What functions were seen to call, and what Lambda calls for them: a function, an action, a resource."""

SERVICES = (
    *("athena", "dynamodb", "glue", "iam", "kms", "lambda", "logs", "s3"),
    *("secretsmanager", "ses", "sms-voice", "sns", "sqs", "sts"),
)
"""Services of which each action is tried."""

FREE = ("sts:GetCallerIdentity",)
"""What everybody may do who has a key, whatever policies say (IAM's user guide)."""

BY_ACCOUNT = ("ses", "sms-voice")
"""Services whose resources the settings name, not the template: functions may use all that the account has."""

BY_ATHENA = re.compile(
    r"DeskPages (glue:|s3:(GetBucketLocation|ListBucketMultipartUploads) |s3:\w+ Lake/(results|comments-results)/"
    r"|s3:GetObject Lake/lake/(?!comments/))"
)
"""Calls that Athena makes in a function's name, and that the function itself may not make."""

VIA = {"aws:CalledVia": ["athena.amazonaws.com"]}
"""How AWS says so."""

NEED_TLS = ("s3:", "sqs:", "sns:")
SIMULATOR = Path(sys.executable).parents[1] / "simulator" / "simulate.mjs"


def main(template: str) -> int:
    """Print what is wrong; return how much."""
    resources = json.loads(Path(template).read_text())["Resources"]
    ours = Account(resources)
    wrong = [*wrong_in(ours, ours.tried(), SERVICES)]
    for how, finding, broken in ways_to_break(resources):
        found = wrong_in(Account(broken), *_changed(ours, Account(broken)))
        if not any(each.startswith(finding) for each in found):
            wrong.append(f"nobody noticed: {how}")
    print("\n".join(wrong) if wrong else "requests: each is decided as it should be")
    return len(wrong)


def _changed(before, after):
    """Return everybody who may now be able to do something else, and at which services."""
    was, now = (_comparable(each.resources()) for each in (before, after))
    services = {arn.split(":")[2] for arn, _ in was ^ now}
    others = [who for who, policy in after.functions.items() if policy != before.functions.get(who)]
    for who in others:
        old = before.functions.get(who, {"Statement": []})["Statement"]
        differ = [each for each in after.functions[who]["Statement"] if each not in old]
        services |= {action.split(":")[0] for each in differ for action in each["Action"]}
    return (after.tried() if was != now else others), sorted(services)


def _comparable(resources):
    return {(each["arn"], json.dumps(each["policy"])) for each in resources}


def wrong_in(ours, whole, services):
    """Yield what is denied and must be allowed, and what is allowed and must be denied, of those and there."""
    calls = [tuple(line.split(" ")) for line in CALLS.read_text().splitlines()]
    must = [*calls, *MAY]
    everybody = {who: each["context"] for who, each in ours.everybody().items()}
    context = {call: {**everybody[call[0]], **(VIA if BY_ATHENA.match(" ".join(call)) else {})} for call in must}
    plain = [call for call in calls if call[1].startswith(NEED_TLS) and ours.has(call[2])]
    requests = [(*call, context[call]) for call in must]
    requests += [(*call, {**context[call], "aws:SecureTransport": "false"}) for call in plain]
    told = _decided(ours.asked(services, requests, whole))
    answers = iter(told["answers"])
    yield from (f"{' '.join(call)}: denied, although it is needed" for call in must if not next(answers))
    yield from (f"{' '.join(call)}: needs no TLS" for call in plain if next(answers))
    needed = {(who, action, _scope(ours.arn(resource))) for who, action, resource in must}
    allowed = [each for each in map(tuple, told["allowed"]) if each[1] not in FREE]
    for who, action, arn in allowed:
        if needed.isdisjoint({(who, action, _scope(arn)), (who, action, arn.replace("/comments/", "/"))}):
            yield f"{who} {action} {ours.name(arn)}: allowed, although nobody needs it"
    by_functions = [(who, action, ours.name(arn)) for who, action, arn in allowed if who in ours.functions]
    yield from _forbidden(ours, by_functions)
    if services == SERVICES:
        yield from _about_nothing({(action, ours.name(arn)) for action, arns in told["tried"] for arn in arns})


def _forbidden(ours, allowed):
    """Yield what a rule forbids and is allowed."""
    yield from (f"{name}: no rule says what it must not do" for name in ours.functions if name not in MUST_NOT)
    for who, action, resource in allowed:
        if action in NEVER and ASKED_FOR.get((who, action)) != resource:
            yield f"{who} {action} {resource}: must never be"
        for rule in (*MUST_NOT.get(who, ()), *NONE_MAY):
            if _is_by(rule, (action, resource)):
                yield f"{who} {action} {resource}: must not be, by {' '.join(rule)}"


def _about_nothing(tried):
    """Yield rules that nothing could break: they have a name that there is not."""
    for rule in {*NONE_MAY, *(rule for rules in MUST_NOT.values() for rule in rules)}:
        if not any(_is_by(rule, each) for each in tried):
            yield f"{' '.join(rule)}: a rule about nothing"
    yield from (f"{each}: there is no such action" for each in NEVER if each not in {action for action, _ in tried})


def _is_by(rule, request):
    return all(fnmatchcase(part, pattern) for part, pattern in zip(request, rule, strict=True))


def _scope(arn):
    """Return what a permission can narrow down to."""
    service = arn.split(":")[2] if arn.startswith("arn:") else ""
    return ":".join(arn.split(":")[:5]) if service in BY_ACCOUNT else arn


def _decided(asked):
    command = [Path(sys.executable).with_name("node"), SIMULATOR]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])))
