"""Desks are told of something new to look at by an SNS topic: which, why, until when, and nobody's words.

Professional standards have a topic of their own: who subscribes to the other hears nothing of theirs.
"""

from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.surveys.follow_up import Desk, FollowUp
from chalicelib.ports.errors import NotTold


class Topics:
    """The port `Desks` over SNS. A subscription may filter by the attributes `agency_id` and `desk`."""

    def __init__(self, client: Any, topic: str, standards_topic: str) -> None:
        self._client, self._topic, self._standards = client, topic, standards_topic

    def tell(self, one: FollowUp, page: str) -> None:
        """Publish once, as JSON; subscriptions by text and by email get one line instead. NotTold."""
        told = {
            "agency_id": one.agency_id,
            "desk": one.desk,
            "follow_up": one.id,
            "because": one.because,
            "incident_number": one.incident_number,
            "raised_at": one.raised_at,
            "due_at": one.due_at,
        }
        words = {"default": msgspec.json.encode(told).decode(), "sms": page, "email": page}
        try:
            self._client.publish(
                TopicArn=self._standards if one.desk is Desk.STANDARDS else self._topic,
                Subject=page,
                Message=msgspec.json.encode(words).decode(),
                MessageStructure="json",
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in (("agency_id", one.agency_id), ("desk", one.desk))
                },
            )
        except (BotoCoreError, ClientError) as error:
            raise NotTold from error
