"""What AWS's services must be able to do, and what nobody may let functions do. The words are our documents'."""

from account import SENDERS

KEYS = ("GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")
KEYS += ("GenerateDataKeyWithoutPlaintext", "Decrypt")

TOPICS = ("Alarms", "FollowUpsTopic", "ReceiptsTopic", "RepliesTopic", "StandardsTopic")

MAY = (
    ("cloudwatch here", "sns:Publish", "Alarms"),
    ("sms-voice here", "sns:Publish", "ReceiptsTopic"),
    ("ses here", "sns:Publish", "ReceiptsTopic"),
    ("sms-voice here", "sns:Publish", "RepliesTopic"),
    ("sns by ReceiptsTopic", "sqs:SendMessage", "Receipts"),
    ("sns by RepliesTopic", "sqs:SendMessage", "Replies"),
    *((f"{sender} here", f"kms:{key}", "DataKey") for sender in SENDERS for key in KEYS),
    *((f"sns by {topic}", f"kms:{key}", "DataKey") for topic in TOPICS for key in KEYS),
    *(("logs", f"kms:{key}", "DataKey") for key in (*KEYS, "Encrypt", "DescribeKey")),
    *(("the account", f"kms:{action}", "DataKey") for action in ("PutKeyPolicy", "Decrypt", "CancelKeyDeletion")),
)
"""Without these, receipts, replies, alarms or logs are lost, or nobody can change the key any more."""

LAKE = (("s3:*", "Lake*"), ("s3:*", "LedgerCopies*"))
TABLES = ("Incidents", "Contacts", "Surveys", "Settings", "Ledger", "Sessions")


def secrets(*names):
    return tuple(("secretsmanager:*", name) for name in names)


def writes(*tables):
    """Return rules that forbid to write tables."""
    actions = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQL[!S]*")
    return tuple((f"dynamodb:{action}", table) for table in tables for action in actions)


def tables(*names):
    return tuple(("dynamodb:*", f"{name}*") for name in names)


def queues(*names):
    return tuple((f"sqs:{action}", name) for name in names for action in ("SendMessage", "ReceiveMessage"))


MUST_NOT = {
    # a stranger reads a page: no key of dispatch or of a carrier, no text, no forged update, receipt or reply
    "Pages": (
        *secrets("WebhookKeys", "Carriers"),
        *writes("Incidents", "Settings"),
        *queues("Hints", "Receipts", "Replies", "ExportDead", "DeskJobs"),
        ("sms-voice:*", "*"),
        *LAKE,
        ("dynamodb:Scan", "*"),
    ),
    # people of the agency look, pause, hold and erase: no key of a carrier, nothing is sent, no answer is changed in
    # place, what the ledger and the settings say stays, and of the lake it reads comments, and the rest by Athena alone
    "DeskPages": (
        *secrets("Carriers"),
        *((f"dynamodb:{action}", table) for action in ("BatchWriteItem", "PartiQL*") for table in TABLES),
        ("dynamodb:UpdateItem", "Surveys"),
        ("dynamodb:DeleteItem", "Settings"),
        *queues("Receipts", "Replies", "ExportDead"),
        ("sqs:ReceiveMessage", "Hints"),
        ("sms-voice:*", "*"),
        ("sns:*", "*"),
        ("ses:*", "*"),
        ("s3:*", "LedgerCopies*"),
        ("s3:Delete*", "*"),
        ("s3:*", "Lake/landing/[*]"),
        ("s3:*", "Lake/lake/[*]"),
        ("dynamodb:Scan", "*"),
    ),
    # a stranger posts a receipt: nobody is read, nothing is changed
    "Callbacks": (
        *secrets("WebhookKeys", "RootKey"),
        *tables("Incidents", "Contacts", "Surveys"),
        *writes("Settings"),
        ("dynamodb:Query", "*"),
        *queues("Hints"),
        ("sqs:ReceiveMessage", "*"),
        ("sqs:DeleteMessage", "*"),
        ("sms-voice:*", "*"),
        ("sns:*", "*"),
        ("ses:*", "*"),
        *LAKE,
    ),
    # dispatch tells updates: it reads nobody's consent or answers, and sends nothing by itself
    "APIHandler": (
        *secrets("Carriers"),
        *tables("Surveys"),
        ("dynamodb:GetItem", "Contacts"),
        ("dynamodb:Query", "Contacts"),
        ("dynamodb:DeleteItem", "*"),
        ("dynamodb:PutItem", "Settings"),
        *queues("Receipts", "Replies"),
        ("sms-voice:*", "*"),
        ("sns:*", "*"),
        ("ses:*", "*"),
        *LAKE,
    ),
    # it sends texts: it takes no opt-out away, reads no lake, and publishes no settings
    "Deliver": (
        *secrets("WebhookKeys"),
        ("dynamodb:DeleteItem", "*"),
        ("dynamodb:Scan", "*"),
        ("dynamodb:PutItem", "Settings"),
        *queues("Receipts", "Replies"),
        ("sns:*", "*Topic"),
        ("sns:*", "Alarms"),
        *LAKE,
    ),
    # it hears carriers, and counts blocked texts beside an agency's state: it publishes no settings
    "RecordReceipt": (
        *secrets("WebhookKeys", "Carriers"),
        *tables("Surveys"),
        ("dynamodb:PutItem", "Settings"),
        ("dynamodb:Query", "Settings"),
        ("dynamodb:DeleteItem", "*"),
        ("dynamodb:Scan", "*"),
        *queues("Hints", "Replies"),
        ("sms-voice:*", "*"),
        ("sns:*", "*"),
        ("ses:*", "*"),
        *LAKE,
    ),
    "RecordReply": (
        *secrets("WebhookKeys"),
        *writes("Incidents", "Settings"),
        ("dynamodb:Scan", "*"),
        *queues("Hints", "Receipts"),
        *LAKE,
    ),
    "Sweep": (
        *secrets("WebhookKeys", "Carriers", "RootKey"),
        *writes("Incidents", "Surveys"),
        ("dynamodb:PutItem", "Settings"),
        ("dynamodb:Scan", "Contacts"),
        *queues("Receipts", "Replies"),
        ("sms-voice:*", "*"),
        *LAKE,
    ),
    # they fill the lake, and one counts values that nobody judged, beside the settings: no key, no person, no settings
    # published, and no copy of the ledger read or taken away
    "Export": (
        *secrets("WebhookKeys", "Carriers", "RootKey"),
        *writes(*(table for table in TABLES if table != "Settings")),
        *((f"dynamodb:{action}", "Settings") for action in ("PutItem", "DeleteItem", "BatchWriteItem", "PartiQL*")),
        *(("dynamodb:Query", f"{table}*") for table in TABLES if table != "Settings"),
        ("dynamodb:Scan", "*"),
        ("s3:[!P]*", "*"),
        ("s3:PutObject", "Lake/lake/*"),
        ("sqs:SendMessage", "Hints"),
        ("sms-voice:*", "*"),
        ("sns:*", "*"),
        ("ses:*", "*"),
    ),
    "Compact": (
        *secrets("WebhookKeys", "Carriers", "RootKey"),
        ("dynamodb:*", "*"),
        ("sqs:*", "*"),
        ("sns:*", "*"),
        ("ses:*", "*"),
        ("sms-voice:*", "*"),
        ("s3:*", "LedgerCopies*"),
        ("s3:*", "Lake/results/*"),
        ("s3:DeleteObject", "Lake/lake/*"),
    ),
}
"""Patterns of actions and resources, by function."""

NONE_MAY = (
    *((f"dynamodb:{action}", "Ledger") for action in ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQL*")),
    ("s3:DeleteObject*", "LedgerCopies/*"),
    ("s3:GetObject", "Lake/*results/*"),
    ("sns:*", "Alarms"),
    ("logs:Get*", "*"),
    ("logs:Filter*", "*"),
    ("*", "*:999999999999:*"),
    ("s3:*", "*:another*"),
    *((f"{service}:*", "*:123456789012:*another*") for service in ("dynamodb", "kms", "logs", "secretsmanager", "sqs")),
)
"""What no function may do: the ledger is only added to, and nothing of another stack or account is touched."""

for _name, _rules in MUST_NOT.items():
    if _name != "DeskPages":
        MUST_NOT[_name] = (*_rules, ("dynamodb:Query", "Ledger"), ("dynamodb:PutItem", "Ledger"), ("athena:*", "*"))
