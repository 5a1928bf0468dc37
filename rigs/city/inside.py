"""A running city from the inside: its tables and its functions."""

from collections.abc import Iterator
from functools import cached_property, partial

import msgspec

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.wiring import now
from tenfour.common.account import STACK
from tenfour.common.reach import Stack, at_home, aws_of, client, outputs_of


class Inside:
    """The inside of a city: its tables, as the functions see them, and the functions themselves."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.client = partial(client, endpoint=stack.aws_endpoint)
        self.outputs = outputs_of(stack)
        self.aws = aws_of(stack, self.outputs)

    def publish(self, agency: Agency) -> Agency:
        """Publish settings, with survey links that lead to this city; functions know them within a minute."""
        return self.aws.settings.publish(at_home(agency, self._stack), "local", "local city", now())

    def records(self) -> Iterator[IncidentRecord]:
        """Read every incident with its notifications."""
        return map(self.aws.incidents.load, self.aws.incidents.keys())

    def compact(self) -> None:
        """Let what has landed join the lake now, rather than at the next minute."""
        self._run("Compact")

    def sweep(self) -> None:
        """Look now for what is due, rather than at the next minute."""
        self._run("Sweep")

    def publish_scheduled(self) -> None:
        """Publish now the drafts whose time has come, rather than at the next minute."""
        self._run("DeskPages")

    def _run(self, name: str) -> None:
        """Call a function as its schedule does."""
        names = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
        event = msgspec.json.encode({**dict.fromkeys(names, ""), "source": "aws.events"})
        answer = self.client("lambda").invoke(FunctionName=self._functions[name], Payload=event)
        if "FunctionError" in answer:
            raise RuntimeError(f"{name} failed: {answer['Payload'].read()!r}")

    @cached_property
    def _functions(self) -> dict[str, str]:
        """Return what each part of the stack is called, by its name in the template."""
        described = self.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in described}
