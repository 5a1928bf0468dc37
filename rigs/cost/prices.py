"""AWS's list prices in dollars, US East and US West (Oregon), without free tiers; checked in November 2026.

Sources: the pricing pages of DynamoDB (on demand), Lambda (arm64), API Gateway (REST), SQS, SNS, S3 (standard),
CloudWatch, KMS, Secrets Manager and EventBridge. GovCloud asks about a fifth more.
"""

MILLION = 1_000_000
MONTH_HOURS = 730

WRITE_UNIT = 0.625 / MILLION
READ_UNIT = 0.125 / MILLION
API_REQUEST = 3.50 / MILLION
LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000133334
SQS_REQUEST = 0.40 / MILLION
SNS_REQUEST = 0.50 / MILLION
S3_PUT = 5.00 / MILLION
S3_GET = 0.40 / MILLION
LOG_GB = 0.50
ATHENA_BYTE = 5.00 / 1e12
ATHENA_LEAST = 10_000_000
"""Bytes that a question to Athena counts as, also where it reads fewer."""

SECRET_READ = 5.00 / MILLION
KMS_REQUEST = 0.03 / 10_000

KEY_MONTH = 1.00
SECRET_MONTH = 0.40
ALARM_MONTH = 0.10
METRIC_MONTH = 0.30
DASHBOARD_MONTH = 3.00
"""The first three dashboards and ten metrics and alarms of an account are free; here they are not."""

FREE = {
    "alarms": 10,
    "metrics": 10,
    "invocations": MILLION,
    "GB-seconds": 400_000,
    "KMS requests": 20_000,
    "SQS requests": MILLION,
    "SNS requests": MILLION,
    "log bytes": 5e9,
}
"""What AWS gives an account each month for ever; what it gives for a year only is not here. One stack has it all."""

SEGMENT = 0.012
"""A segment of a text in the US, the carriers' fees included; it is no cost of AWS's machines, but it is the bill."""
