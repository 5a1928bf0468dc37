"""Policies that are wrong in one way each: a simulator that finds nothing in them proves nothing."""

from copy import deepcopy


def ways_to_break(resources):
    """Yield each way in words, with the resources of a template broken in that way."""
    for how, break_it in WAYS.items():
        broken = deepcopy(resources)
        break_it(broken)
        yield how, broken


def _document(resources, name, part="PolicyDocument"):
    properties = resources[name]["Properties"]
    return properties[part] if part in properties else properties["Policies"][0]["PolicyDocument"]


def _statement(resources, name, sid, part="PolicyDocument"):
    (found,) = (each for each in _document(resources, name, part)["Statement"] if each["Sid"] == sid)
    return found


def _everything(resources):
    statement = _statement(resources, "DeliverRole", "SendTextsBySns")
    del statement["NotResource"]
    statement["Resource"] = "*"


def _encrypted_by_anybody(resources):
    _statement(resources, "DataKey", "Logs", "KeyPolicy")["Condition"] = {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "*"}
    }


def _add(role, action, resource):
    """Return a way to break a role: one statement too many."""
    added = {"Sid": "Added", "Effect": "Allow", "Action": [action], "Resource": resource}
    return lambda all_: _document(all_, role)["Statement"].append(added)


def _nobodys_key(resources):
    del resources["DataKey"]["Properties"]["KeyPolicy"]["Statement"][0]


WAYS = {
    "Pages may read the keys of dispatch": _add(
        "PagesRole", "secretsmanager:GetSecretValue", {"Fn::GetAtt": ["WebhookKeys", "Id"]}
    ),
    "Pages may forge a STOP": _add("PagesRole", "sqs:SendMessage", {"Fn::GetAtt": ["Replies", "Arn"]}),
    "Callbacks may read who was texted": _add("CallbacksRole", "dynamodb:Query", {"Fn::GetAtt": ["Contacts", "Arn"]}),
    "Deliver may read the lake": _add("DeliverRole", "s3:GetObject", {"Fn::Sub": "${Lake.Arn}/lake/*"}),
    "Deliver may read each table of the account": _add(
        "DeliverRole", "dynamodb:GetItem", {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/*"}
    ),
    "Sweep may delete a table": _add("SweepRole", "dynamodb:DeleteTable", {"Fn::GetAtt": ["Contacts", "Arn"]}),
    "Compact may delete copies of the ledger": _add(
        "CompactRole", "s3:DeleteObjectVersion", {"Fn::Sub": "${LedgerCopies.Arn}/*"}
    ),
    "Export may write the ledger": _add("ExportRole", "dynamodb:PutItem", {"Fn::GetAtt": ["Ledger", "Arn"]}),
    "RecordReceipt may send texts from another account's numbers": _add(
        "RecordReceiptRole", "sms-voice:SendTextMessage", {"Fn::Sub": "arn:${AWS::Partition}:sms-voice:*:*:*"}
    ),
    "dispatch may take each role": _add("ApiHandlerRole", "sts:AssumeRole", "*"),
    "the account can't use its key": _nobodys_key,
    "Deliver may not query incidents": lambda all_: _statement(all_, "DeliverRole", "ReadAndWriteIncidents").update(
        Action=["dynamodb:ConditionCheckItem", "dynamodb:PutItem"]
    ),
    "Pages may write incidents": lambda all_: _statement(
        all_, "PagesRole", "ReadUnitsOfIncidentAndCallsOfAlerts"
    ).update(Action=["dynamodb:Query", "dynamodb:PutItem"]),
    "Export may write the whole lake": lambda all_: _statement(all_, "ExportRole", "Land").update(
        Resource={"Fn::Sub": "${Lake.Arn}/*"}
    ),
    "Sweep may read each index": lambda all_: _statement(all_, "SweepRole", "ReadUnitsOfIncident").update(
        Resource={"Fn::Sub": "${Contacts.Arn}/index/*"}
    ),
    "Deliver may publish to each topic": _everything,
    "Callbacks may do anything to secrets": lambda all_: _statement(all_, "CallbacksRole", "ReadKeys").update(
        Action=["secretsmanager:*"]
    ),
    "a queue needs no TLS": lambda all_: _statement(all_, "HintsPolicy", "TlsOnly").update(
        Condition={"Bool": {"aws:SecureTransport": "no"}}
    ),
    "a bucket is everybody's": lambda all_: _statement(all_, "LakePolicy", "TlsOnly").update(
        Effect="Allow", Condition={}
    ),
    "each topic may write to the queue of receipts": lambda all_: _statement(
        all_, "ReceiptsPolicy", "FromTopic"
    ).update(Condition={}),
    "each account's providers may tell receipts": lambda all_: _statement(
        all_, "ReceiptsTopicPolicy", "FromProvider"
    ).update(Condition={}),
    "SES may tell replies": lambda all_: _statement(all_, "RepliesTopicPolicy", "FromProvider").update(
        Principal={"Service": ["sms-voice.amazonaws.com", "ses.amazonaws.com"]}
    ),
    "alarms are not told": lambda all_: _statement(all_, "AlarmsPolicy", "FromAlarms").update(
        Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}}
    ),
    "each account's providers may use the key": lambda all_: _statement(
        all_, "DataKey", "Providers", "KeyPolicy"
    ).update(Condition={}),
    "each log may use the key": _encrypted_by_anybody,
}
