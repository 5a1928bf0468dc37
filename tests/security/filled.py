"""What a template's references are in a made-up account, so that policies read as IAM gets them."""

import re

ARN = "arn:aws:{service}:us-west-2:123456789012:{rest}"
ARNS = {
    "AWS::DynamoDB::Table": ARN.format(service="dynamodb", rest="table/tenfour-{name}-1A2B"),
    "AWS::SQS::Queue": ARN.format(service="sqs", rest="tenfour-{name}-1A2B"),
    "AWS::SNS::Topic": ARN.format(service="sns", rest="tenfour-{name}-1A2B"),
    "AWS::SecretsManager::Secret": ARN.format(service="secretsmanager", rest="secret:{name}-1A2B"),
    "AWS::KMS::Key": ARN.format(service="kms", rest="key/{name}"),
    "AWS::Logs::LogGroup": ARN.format(service="logs", rest="log-group:tenfour-{name}-1A2B:*"),
    "AWS::S3::Bucket": "arn:aws:s3:::tenfour-{name}-1a2b",
    "AWS::Athena::WorkGroup": ARN.format(service="athena", rest="workgroup/{name}"),
    "AWS::Glue::Database": ARN.format(service="glue", rest="database/{name}"),
}
"""What each type's ARN looks like, by the resource's name in the template."""

NAMES = {"AnalystWorkgroup": "tenfour", "CommentsWorkgroup": "tenfour-comments", "AnalystDatabase": "tenfour"}
"""What the template calls a resource whose name it sets: a reference to one of these is its name."""

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-west-2",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "tenfour",
}


def filled(node, resources):
    """Return a part of a policy as IAM gets it."""
    match node:
        case {"Fn::GetAtt": [name, "StreamArn"]}:
            return f"{arn_of(name, resources)}/stream/1"
        case {"Fn::GetAtt": [name, _]} | {"Ref": name}:
            return arn_of(name, resources)
        case {"Fn::If": ["DeskKeys", widest, _]}:
            return filled(widest, resources)
        case {"Fn::Sub": text}:
            return re.sub(
                r"\$\{([\w:]+)(\.\w+)?\}", lambda part: NAMES.get(part[1]) or arn_of(part[1], resources), text
            )
        case dict():
            return {key: filled(value, resources) for key, value in node.items()}
        case list():
            return [filled(each, resources) for each in node]
    return node


def arn_of(name, resources):
    if name in PSEUDO:
        return PSEUDO[name]
    arn = ARNS[resources[name]["Type"]]
    return arn.format(name=name.lower() if arn.startswith("arn:aws:s3") else NAMES.get(name, name))
