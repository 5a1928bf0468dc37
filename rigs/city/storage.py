"""A stack's storage on an emulator, without its functions: tables as the template has them, a queue, a bucket."""

import msgspec

from chalicelib.carriers.tools import Carriers
from chalicelib.config import Config
from tenfour.common.reach import REGION, client
from tenfour.stack.template import merged

TABLES = ("Incidents", "Contacts", "Surveys", "Settings", "Ledger")
ROOT_KEY = "not secret: it is made for an afternoon"


def furnish(aws: str, name: str, carriers: Carriers) -> Config:
    """Make tables, a queue, a bucket and secrets; return what they are called."""
    secrets = client("secretsmanager", aws)
    client("s3", aws).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    secrets.create_secret(Name=f"{name}-root", SecretString=ROOT_KEY)
    secrets.create_secret(Name=f"{name}-carriers", SecretString=msgspec.json.encode(carriers).decode())
    named = dict.fromkeys(Config.__struct_fields__, name) | {"region": REGION, "lake_bucket": name}
    named |= {f"{table.lower()}_table": made for table, made in make_tables(aws, name).items()}
    named |= {"root_key_secret": f"{name}-root", "carriers_secret": f"{name}-carriers"}
    return Config(**named | {"hints_queue": client("sqs", aws).create_queue(QueueName=name)["QueueUrl"]})


def make_tables(aws: str, name: str) -> dict[str, str]:
    """Make a stack's tables; return what each is called, by its name in the template."""
    declared, database = merged()["Resources"], client("dynamodb", aws)
    for table in TABLES:
        wanted = declared[table]["Properties"]
        shape = {key: wanted[key] for key in ("BillingMode", "AttributeDefinitions", "KeySchema")}
        shape |= {key: wanted[key] for key in ("GlobalSecondaryIndexes",) if key in wanted}
        if "StreamSpecification" in wanted:  # CloudFormation asks for less than the API
            shape["StreamSpecification"] = {**wanted["StreamSpecification"], "StreamEnabled": True}
        database.create_table(TableName=f"{name}-{table}", **shape)
    return {table: f"{name}-{table}" for table in TABLES}
