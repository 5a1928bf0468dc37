"""Read every policy with what IAM knows of each action. `make audit` runs it by its own Python, which has parliament.

Two questions: does a statement grant what it seems to (actions that there are, on resources that they can name), and is
something granted that a page of ours says is not?
"""

import json
import re
import sys
from pathlib import Path

import parliament
from filled import filled

MEANT = {
    ("Export", "RESOURCE_STAR"),  # dynamodb:ListStreams has no resource
    ("TheStack", "INVALID_ARN"),  # a transform's account is "aws"
    ("TheSecrets", "RESOURCE_MISMATCH"),  # all of a service's actions, on what is ours
    ("WhatIsNamedAfterTheStack", "RESOURCE_MISMATCH"),
    *((sid, "RESOURCE_STAR") for sid in ("LookAround", "Rehearse", "TheKey", "WhatHasNoNameOfItsOwn")),
}
"""Findings that are as they should be: a function or a statement, and parliament's word."""

NEVER = (
    *("dynamodb:DeleteTable", "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive", "dynamodb:DeleteBackup"),
    *("s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"),
    *("kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DisableKey", "kms:CreateGrant"),
    *("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:DeleteSecret"),
    *("iam:PassRole", "sts:AssumeRole", "lambda:UpdateFunctionCode", "lambda:InvokeFunction"),
    *("logs:DeleteLogGroup", "logs:DeleteLogStream", "ses:DeleteEmailIdentity", "sqs:PurgeQueue"),
)
"""What no function may do to anything, but for what is asked for."""

ASKED_FOR = {("DeskPages", "secretsmanager:PutSecretValue"): "WebhookKeys"}
"""What `DeskKeys=true` gives: here policies are read as the widest that an agency can ask for."""

NOT_THERE = {
    "Pages": {"dynamodb:PutItem": "Incidents", "dynamodb:UpdateItem": "Incidents", "dynamodb:DeleteItem": "Incidents"},
    "Callbacks": {"dynamodb:GetItem": "Incidents", "dynamodb:Query": "Contacts", "dynamodb:PutItem": "Settings"},
    "DeskPages": {"dynamodb:DeleteItem": "Settings", "dynamodb:UpdateItem": "Surveys", "s3:DeleteObject": "Lake"},
    "Export": {"s3:GetObject": "LedgerCopies", "s3:DeleteObject": "LedgerCopies", "dynamodb:PutItem": "Ledger"},
}
SECRETS = {
    **dict.fromkeys(("Pages", "Sweep"), ("WebhookKeys", "Carriers")),
    "DeskPages": ("Carriers",),
    "Callbacks": ("WebhookKeys",),
}
"""What stack.md and security.md say that a function can't do, and can't read."""


def main(template: str, page: str) -> int:
    """Print what is wrong; return how much."""
    resources = json.loads(Path(template).read_text())["Resources"]
    wrong = [*_of_functions(resources), *_of_page(Path(page).read_text())]
    print("\n".join(wrong) if wrong else "policies: nothing is wrong")
    return len(wrong)


def _of_functions(resources):
    for name, each in resources.items():
        if each["Type"] != "AWS::Serverless::Function":
            continue
        (policy,) = resources[each["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]["Policies"]
        read = parliament.analyze_policy_string(json.dumps(filled(policy["PolicyDocument"], resources)))
        yield from _findings(read, name)
        for action in NEVER:
            allowed = read.get_allowed_resources(*action.split(":"))
            asked_for = ASKED_FOR.get((name, action), "?")
            if [arn for arn in allowed if f"{asked_for}-1" not in arn]:
                yield f"{name}: {action} on {allowed}"
        for action, where in [
            *NOT_THERE.get(name, {}).items(),
            *(("secretsmanager:GetSecretValue", secret) for secret in SECRETS.get(name, ())),
        ]:
            if [arn for arn in read.get_allowed_resources(*action.split(":")) if f"{where}-1" in arn or arn == "*"]:
                yield f"{name}: {action} on {where}"


def _of_page(text):
    for document in re.findall(r"```json\n(\{\s*\"Version\".*?)```", text, re.DOTALL):
        for statement in json.loads(document)["Statement"]:
            alone = {"Version": "2012-10-17", "Statement": [statement]}
            yield from _findings(parliament.analyze_policy_string(json.dumps(alone)), statement["Sid"])


def _findings(read, where):
    for finding in read.findings:
        if (where, finding.issue) not in MEANT:
            yield f"{where}: {finding.issue}: {str(finding.detail)[:300]}"


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])))
