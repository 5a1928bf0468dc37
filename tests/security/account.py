"""Our policies in a made-up account, as the simulator of `simulator/` wants them."""

from functools import cached_property

from filled import ARN, ARNS, arn_of, filled

OURS, OTHERS, REGION = "123456789012", "999999999999", "us-west-2"
ROLE = "arn:aws:iam::{}:role/{}"
TLS = {"aws:SecureTransport": "true"}
INSIDE = {
    "AWS::DynamoDB::Table": ("", "/index/due", "/index/recent", "/stream/1"),
    "AWS::S3::Bucket": (
        *("", "/landing/x", "/landing/comments/x", "/lake/x", "/lake/comments/x"),
        *("/ledger/x", "/results/x", "/comments-results/x", "/x"),
    ),
}
"""What there is in a resource that a permission can name, by its type."""

GUARDS = {"AWS::S3::BucketPolicy": "Bucket", "AWS::SQS::QueuePolicy": "Queues", "AWS::SNS::TopicPolicy": "Topics"}
"""Where each kind of policy says of which resources it is."""

SENDERS = ("sms-voice", "ses", "sns", "cloudwatch")
HERE, ELSEWHERE = {"aws:SourceAccount": OURS}, {"aws:SourceAccount": OTHERS}
LOGS = "arn:aws:logs:us-west-2:{}:log-group:{}-Intake"


class Account:
    """The resources of a template, and everybody who may ask for something."""

    def __init__(self, resources) -> None:
        self._resources = resources
        self.functions = {name: self._policy(name) for name in self.of("AWS::Serverless::Function")}

    def of(self, *kinds):
        """Return the names of all resources of some types."""
        return [name for name, each in self._resources.items() if each["Type"] in kinds]

    def asked(self, services, requests, whole):
        """Return what the simulator reads."""
        everybody = self.everybody()
        return {
            "ours": OURS,
            "others": OTHERS,
            "region": REGION,
            "services": services,
            "principals": everybody,
            "resources": self.resources(),
            "requests": [[who, action, self.arn(resource), where] for who, action, resource, where in requests],
            "whole": [*whole],
        }

    def tried(self):
        """Return those of whom everything is tried: everybody but the account itself, which may do it all."""
        return [who for who in self.everybody() if who != "the account"]

    def everybody(self):
        """Return everybody who may ask, and with which context."""
        return {
            **{
                name: {"arn": ROLE.format(OURS, name), "policy": policy, "context": TLS, "isFunction": True}
                for name, policy in self.functions.items()
            },
            "the account": {"arn": f"arn:aws:iam::{OURS}:root", "policy": everything(), "context": TLS},
            "a stranger": {"arn": ROLE.format(OTHERS, "x"), "policy": everything(), "context": TLS},
            "nobody": {"arn": {"type": "Anonymous"}, "context": TLS},
            **{f"{each} here": _service(each, HERE) for each in SENDERS},
            **{f"{each} elsewhere": _service(each, ELSEWHERE) for each in SENDERS},
            **{f"sns by {topic}": _service("sns", self._by(topic)) for topic in self.of("AWS::SNS::Topic")},
            "logs": _logs(OURS, "tenfour"),
            "logs of another stack": _logs(OURS, "another"),
            "logs of another account": _logs(OTHERS, "tenfour"),
            "s3": _service("s3", HERE),
            "lambda": _service("lambda", HERE),
        }

    def arn(self, name):
        """Return a resource's ARN by its name in the template and what is in it; another text as it is."""
        known, slash, inside = name.partition("/")
        if known not in self._resources:
            return ARN.format(service="glue", rest=name) if name == "catalog" else name
        arn = arn_of(known, self._resources).replace(":*", ":log-stream:1")
        if slash and ":database/" in arn:  # a table is named beside its database
            arn = arn.replace(":database/", ":table/")
        return arn + slash + inside.replace("*", "x")

    def has(self, name):
        """Tell whether something is in the template, and no made-up address or phone."""
        return self.arn(name) in self._names

    def name(self, arn):
        """Return the name of what an ARN is of, the other way round."""
        return self._names.get(arn, arn)

    @cached_property
    def _names(self):
        return {
            self.arn(f"{name}{inside}"): f"{name}{inside.replace('/x', '/*')}"
            for name in self.of(*ARNS)
            for inside in INSIDE.get(self._resources[name]["Type"], ("",))
        }

    def resources(self):
        """Return all resources that a permission can name, each with its own policy."""
        policies = self._guards()
        named = [(arn, policies.get(name.partition("/")[0])) for arn, name in self._names.items()]
        return [{"arn": arn, "account": OURS, "policy": policy} for arn, policy in named]

    def _guards(self):
        found = {name: self._filled(name, "KeyPolicy") for name in self.of("AWS::KMS::Key")}
        for name in self.of(*GUARDS):
            properties = self._resources[name]["Properties"]
            guarded = properties[GUARDS[self._resources[name]["Type"]]]
            for each in guarded if isinstance(guarded, list) else [guarded]:
                found[each["Ref"]] = self._filled(name, "PolicyDocument")
        return found

    def _filled(self, name, part):
        return filled(self._resources[name]["Properties"][part], self._resources)

    def _policy(self, function):
        role = self._resources[function]["Properties"]["Role"]["Fn::GetAtt"][0]
        documents = [each["PolicyDocument"] for each in self._resources[role]["Properties"]["Policies"]]
        statements = [statement for each in documents for statement in each["Statement"]]
        return filled({"Version": "2012-10-17", "Statement": statements}, self._resources)

    def _by(self, topic):
        return {**HERE, "aws:SourceArn": self.arn(topic)}


def everything():
    """Return the policy of somebody whose own account lets them do everything."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def _service(name, context):
    return {"arn": f"{name}.amazonaws.com", "context": {**context, **TLS}}


def _logs(account, stack):
    """Return CloudWatch Logs for a group; the simulator's check of contexts would drop a key with colons in it."""
    context = {"kms:EncryptionContext:aws:logs:arn": LOGS.format(account, stack)}
    return {**_service(f"logs.{REGION}", context), "isUnchecked": True}
