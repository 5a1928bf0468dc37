"""Policies that are wrong in one way each: a simulator that finds nothing in them proves nothing."""

from copy import deepcopy

DYNAMODB = "arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/*"
NUMBERS = "arn:${AWS::Partition}:sms-voice:*:*:*"
ANY_LOG = "arn:aws:logs:*:*:log-group:*"


def ways_to_break(resources):
    """Yield each way in words, how what is found in it begins, and the resources of a template broken in that way."""
    for how, (finding, break_it) in WAYS.items():
        broken = deepcopy(resources)
        break_it(broken)
        yield how, finding, broken


def _document(resources, name, part="PolicyDocument"):
    properties = resources[name]["Properties"]
    return properties[part] if part in properties else properties["Policies"][0]["PolicyDocument"]


def _add(role, action, resource):
    """Return a way to break a role: one statement too many."""
    added = {"Sid": "Added", "Effect": "Allow", "Action": [action], "Resource": resource}
    return lambda resources: _document(resources, role)["Statement"].append(added)


def _set(name, sid, part="PolicyDocument", **changes):
    """Return a way to break a statement: something in it is another one, or is gone."""

    def break_it(resources):
        (statement,) = (each for each in _document(resources, name, part)["Statement"] if each["Sid"] == sid)
        statement.update(changes)
        for key in [key for key, value in changes.items() if value is None]:
            del statement[key]

    return break_it


def _without(name, sid, part="PolicyDocument"):
    def break_it(resources):
        document = _document(resources, name, part)
        document["Statement"] = [each for each in document["Statement"] if each["Sid"] != sid]

    return break_it


def _new_function(resources):
    resources["Newcomer"] = deepcopy(resources["Pages"])


def _new_queue(resources):
    resources["Complaints"] = {"Type": "AWS::SQS::Queue", "Properties": {}}
    _add("PagesRole", "sqs:ReceiveMessage", {"Fn::GetAtt": ["Complaints", "Arn"]})(resources)


def _of(name, attribute="Arn"):
    return {"Fn::GetAtt": [name, attribute]}


def _of_account(account):
    return {"StringEquals": {"aws:SourceAccount": account}}


WAYS = {
    "Pages may read the keys of dispatch": (
        "Pages secretsmanager:GetSecretValue WebhookKeys: must not be",
        _add("PagesRole", "secretsmanager:GetSecretValue", _of("WebhookKeys", "Id")),
    ),
    "Pages may forge a STOP": (
        "Pages sqs:SendMessage Replies: must not be",
        _add("PagesRole", "sqs:SendMessage", _of("Replies")),
    ),
    "Pages may write incidents": (
        "Pages dynamodb:PutItem Incidents: must not be",
        _add("PagesRole", "dynamodb:PutItem", _of("Incidents")),
    ),
    "Callbacks may read who was texted": (
        "Callbacks dynamodb:Query Contacts: must not be",
        _add("CallbacksRole", "dynamodb:Query", _of("Contacts")),
    ),
    "Callbacks may do anything to secrets": (
        "Callbacks secretsmanager:DeleteSecret Carriers: must never be",
        _add("CallbacksRole", "secretsmanager:*", _of("Carriers", "Id")),
    ),
    "Deliver may read the lake": (
        "Deliver s3:GetObject Lake/lake/*: must not be",
        _add("DeliverRole", "s3:GetObject", {"Fn::Sub": "${Lake.Arn}/lake/*"}),
    ),
    "Deliver may read each table of the account": (
        "Deliver dynamodb:GetItem arn:aws:dynamodb:us-west-2:123456789012:table/another: must not be",
        _add("DeliverRole", "dynamodb:GetItem", {"Fn::Sub": DYNAMODB}),
    ),
    "Deliver may publish to each topic, those of others too": (
        "Deliver sns:Publish arn:aws:sns:us-west-2:999999999999:another: must not be",
        _set("DeliverRole", "SendTextsBySns", NotResource=None, Resource="*"),
    ),
    "Deliver may send by numbers of another account": (
        "Deliver sms-voice:SendTextMessage arn:aws:sms-voice:us-west-2:999999999999:phone-number/another: must not be",
        _add("DeliverRole", "sms-voice:SendTextMessage", {"Fn::Sub": NUMBERS}),
    ),
    "Deliver may not query incidents": (
        "Deliver dynamodb:Query Incidents: denied",
        _set("DeliverRole", "ReadAndWriteIncidents", Action=["dynamodb:PutItem"]),
    ),
    "Sweep may delete a table": (
        "Sweep dynamodb:DeleteTable Contacts: must never be",
        _add("SweepRole", "dynamodb:DeleteTable", _of("Contacts")),
    ),
    "Sweep may read an index that nobody asks": (
        "Sweep dynamodb:Query Contacts/index/due: allowed",
        _add("SweepRole", "dynamodb:Query", {"Fn::Sub": "${Contacts.Arn}/index/*"}),
    ),
    "Compact may delete copies of the ledger": (
        "Compact s3:DeleteObjectVersion LedgerCopies/ledger/*: must never be",
        _add("CompactRole", "s3:DeleteObjectVersion", {"Fn::Sub": "${LedgerCopies.Arn}/*"}),
    ),
    "Export may write the ledger": (
        "Export dynamodb:PutItem Ledger: must not be",
        _add("ExportRole", "dynamodb:PutItem", _of("Ledger")),
    ),
    "Export may write the whole lake": (
        "Export s3:PutObject Lake/lake/*: must not be",
        _add("ExportRole", "s3:PutObject", {"Fn::Sub": "${Lake.Arn}/*"}),
    ),
    "dispatch may take each role": (
        "APIHandler sts:AssumeRole arn:aws:iam::999999999999:role/another: must never be",
        _add("ApiHandlerRole", "sts:AssumeRole", "*"),
    ),
    "a function is new": ("Newcomer: no rule says", _new_function),
    "a queue is new": ("Pages sqs:ReceiveMessage Complaints: allowed", _new_queue),
    "a queue needs no TLS": (
        "APIHandler sqs:SendMessage Hints: needs no TLS",
        _without("HintsPolicy", "TlsOnly"),
    ),
    "a bucket is everybody's": (
        "nobody s3:GetObject Lake/lake/*: allowed",
        _set("LakePolicy", "TlsOnly", Effect="Allow", Condition={}),
    ),
    "each topic may write to the queue of receipts": (
        "sns by RepliesTopic sqs:SendMessage Receipts: allowed",
        _set("ReceiptsPolicy", "FromTopic", Condition={}),
    ),
    "each account's providers may tell receipts": (
        "ses elsewhere sns:Publish ReceiptsTopic: allowed",
        _set("ReceiptsTopicPolicy", "FromProvider", Condition={}),
    ),
    "SES may tell replies": (
        "ses here sns:Publish RepliesTopic: allowed",
        _set("RepliesTopicPolicy", "FromProvider", Principal={"Service": ["ses.amazonaws.com"]}),
    ),
    "the provider can't tell replies": (
        "sms-voice here sns:Publish RepliesTopic: denied",
        _without("RepliesTopicPolicy", "FromProvider"),
    ),
    "alarms are not told": (
        "cloudwatch here sns:Publish Alarms: denied",
        _set("AlarmsPolicy", "FromAlarms", Condition=_of_account("999999999999")),
    ),
    "each account's providers may use the key": (
        "sms-voice elsewhere kms:Decrypt DataKey: allowed",
        _set("DataKey", "Providers", "KeyPolicy", Condition={}),
    ),
    "each log may use the key": (
        "logs of another account kms:Decrypt DataKey: allowed",
        _set("DataKey", "Logs", "KeyPolicy", Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": ANY_LOG}}),
    ),
    "the account can't use its key": ("Pages kms:Decrypt DataKey: denied", _without("DataKey", "Account", "KeyPolicy")),
}
"""How each is found, by what is wrong."""
