"""The errors of a store that does not answer, or whose answer can't be read."""

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.ports.errors import Unreadable

UNREACHABLE = (BotoCoreError, ClientError, PynamoDBException, Unreadable)
