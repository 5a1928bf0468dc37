"""Every entry point of tenfour, in the order of the flow.

    receive ─▶ DynamoDB ─▶ sweep ─▶ deliver ─▶ provider ─▶ record_receipt, record_reply
                                                  └─▶ survey ─▶ export ─▶ compact ─▶ Athena

Each handler authenticates, calls one function of `chalicelib.flow`, and answers. The routes are served by four
functions of one API (`infra/stack/api.json` and `desk.json` say which by which), so that no flood of one starves the
others: Chalice's own for dispatch and records systems, `pages`, `callbacks` and `desk`.
"""

from collections.abc import Mapping
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Request, Response, SQSEvent

from chalicelib.aws.queue import chain_of
from chalicelib.aws.stores.ledger import copy_entries
from chalicelib.aws.stream import batch_name, read_records
from chalicelib.boundary import all_of, answering, each, logger, sent_at, whole
from chalicelib.carriers.events import read_receipt, read_reply
from chalicelib.domain.desk.own_text import of_use, read_order
from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.lake.tables import IncidentVersion
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.receipt import UnknownEvent
from chalicelib.domain.people.canned import read_canned
from chalicelib.flow.desk.tend import Seen, tend_attention
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import export_changes
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.flow.notifications.watch_feeds import watch_feeds
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.rest import tell_of_rested
from chalicelib.web.callbacks import keep_twilio_inbound, keep_twilio_status
from chalicelib.web.pages import home_page, reference, survey_page, unsubscribe_page, verify_page
from chalicelib.web.trouble import as_page
from chalicelib.web.webhooks import hear, read_back, receive
from chalicelib.wiring import now, world

app = Chalice(app_name="tenfour")


@app.route("/cad/{agency_id}/updates", methods=["POST"], content_types=["*/*"])
@answering
def receive_cad(agency_id: str) -> Response:
    """Take in what a dispatch system tells."""
    return receive(agency_id, "cad", _request(), world())


@app.route("/rms/{agency_id}/updates", methods=["POST"], content_types=["*/*"])
@answering
def receive_rms(agency_id: str) -> Response:
    """Take in what a records system tells, days later."""
    return receive(agency_id, "rms", _request(), world())


@app.route("/cad/{agency_id}/heartbeat", methods=["POST"], content_types=["*/*"])
@answering
def heartbeat(agency_id: str) -> Response:
    """Note that the feed lives although there is nothing to tell."""
    return hear(agency_id, _request(), world())


@app.route("/cad/{agency_id}/received", methods=["GET"], content_types=["*/*"])
@answering
def received_cad(agency_id: str) -> Response:
    """Show a dispatch system's vendor what its key posted lately."""
    return read_back(agency_id, "cad", _request(), world())


@app.route("/rms/{agency_id}/received", methods=["GET"], content_types=["*/*"])
@answering
def received_rms(agency_id: str) -> Response:
    """Show a records system's vendor the same."""
    return read_back(agency_id, "rms", _request(), world())


@app.route("/s/{token}", methods=["GET", "HEAD", "POST"], content_types=["*/*"])
@answering
def survey(token: str) -> Response:
    """Show the survey behind a link, or take its answers."""
    return as_page(survey_page, token, _request(), world)


@app.route("/u/{token}", methods=["GET", "POST"], content_types=["*/*"])
@answering
def unsubscribe(token: str) -> Response:
    """Ask the reader of an email what they want no more, or do it."""
    return as_page(unsubscribe_page, token, _request(), world)


@app.route("/real/{agency_id}", methods=["GET", "POST"], content_types=["*/*"])
@answering
def verify(agency_id: str) -> Response:
    """Tell where an agency's texts come from, and whether a code in one is ours."""
    return as_page(verify_page, agency_id, _request(), world)


@app.route("/", methods=["GET"])
@answering
def home() -> Response:
    """Show whoever types the address of our links where they are."""
    request = _request()
    return as_page(home_page, request.headers.get("host", ""), request, world)


@app.route("/carriers/twilio/status", methods=["POST"], content_types=["*/*"])
@answering
def twilio_status() -> Response:
    """Take what Twilio says of a text."""
    return keep_twilio_status(_request(), world())


@app.route("/carriers/twilio/inbound", methods=["POST"], content_types=["*/*"])
@answering
def twilio_inbound() -> Response:
    """Take a text that a person sent to a number at Twilio."""
    return keep_twilio_inbound(_request(), world())


@app.route("/openapi.json", methods=["GET"])
@answering
def openapi() -> Response:
    """Show programs what the webhooks take."""
    return reference("openapi.json")


@app.route("/openapi.html", methods=["GET"])
@answering
def openapi_page() -> Response:
    """Show a vendor's engineer what the webhooks take."""
    return reference("openapi.html")


@app.route("/desk", methods=["GET", "HEAD", "POST"], content_types=["*/*"])
@app.route("/desk/{first}", methods=["GET", "HEAD", "POST"], content_types=["*/*"])
@app.route("/desk/{first}/{second}", methods=["GET", "HEAD", "POST"], content_types=["*/*"])
@app.route("/desk/{first}/{second}/{third}", methods=["GET", "HEAD", "POST"], content_types=["*/*"])
@answering
def desk_page(first: str = "", second: str = "", third: str = "") -> Response:
    """Show the agency's people a page of the desk, or do what its form asks; API Gateway knows no longer paths."""
    from chalicelib.web.desk import door  # noqa: PLC0415  of the desk alone

    return door.answer(_request(), world)


@app.route("/health", methods=["GET"])
@answering
def health() -> Response:
    """Answer that the code is there; whether it works is what the alarms watch."""
    return Response({"status": "ok"})


@app.lambda_function(name="pages")
def pages(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve `/`, `/s`, `/u`, `/real` and `/openapi…`, which anybody may ask for, and with permissions of its own."""
    return _serve(event, context)


@app.lambda_function(name="callbacks")
def callbacks(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve `/carriers`."""
    return _serve(event, context)


@app.lambda_function(name="desk_pages")
def desk(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve `/desk`, where the agency's people sign in; work on the jobs that they ask for; each minute, publish what
    two of them approved for then, and once a night ask for the results.

    The stack's parameter has the plainer name. No other function may write settings.
    """
    if event.get("source") == "aws.events":
        all_of("each minute", {"publish": _publish_scheduled, "results": _ask_for_results})
        return {}
    if "Records" in event:
        return each(event, "job", _work_on)
    return _serve(event, context)


@app.schedule("rate(1 minute)", name="sweep")
def sweep(event: CloudWatchEvent) -> None:
    """Find what is due or overdue, watch the feeds, tell desks of surveys that rest and of what waits, page people."""
    from chalicelib.flow.desk.mail_waiting import mail_waiting  # noqa: PLC0415  only here: start-up is paid by all
    from chalicelib.flow.desk.page_watchers import page_watchers  # noqa: PLC0415  only here: start-up is paid by all
    from chalicelib.flow.people.sweep_answers import sweep_answers  # noqa: PLC0415

    waits: Seen = {}
    acts = {
        "sweep": lambda: logger.info("swept", hinted=sweep_due(world(), now())),
        "answers": lambda: logger.info("answers", hinted=sweep_answers(world(), now())),
        "watch": lambda: watch_feeds(world(), now()),
        "rest": lambda: logger.info("rested", told=tell_of_rested(world(), now())),
        "tend": lambda: tend_attention(world(), now(), waits),
        "page": lambda: page_watchers(world(), now(), waits),
        "mail": lambda: mail_waiting(world(), now(), waits),
    }
    all_of("sweep", acts)


@app.on_sqs_message(queue_arn="arn:aws:sqs:us-east-1:111111111111:hints", batch_size=2)
def deliver(event: SQSEvent) -> dict[str, Any]:
    """Bring each hinted row as far as it can go now."""
    chain = chain_of(event.to_dict()["Records"])

    def act(record: Mapping[str, Any]) -> None:
        answer = read_canned(record["body"])
        if answer:
            from chalicelib.flow.people.send_answer import deliver_answer  # noqa: PLC0415  most agencies answer nobody

            logger.info("answered", answer=answer.sent_as, state=deliver_answer(answer, world(), now()))
            return
        order = read_order(record["body"])
        if order:
            from chalicelib.flow.desk.send_own_text import deliver_own_text  # noqa: PLC0415  a few times a day

            useful = of_use(sent_at(record), now())  # one that is not would end among the dead, with its phone
            logger.info("tested", text=order.name, state=deliver_own_text(order, world(), now()) if useful else "late")
            return
        try:
            key = NotificationKey.from_id(record["body"])
        except ValueError:  # of a release that knows more kinds: that one's sweep finds the row again
            world().leave_out("a hint")
            return
        state = deliver_notification(key, world(), now(), chain)
        logger.info("delivered", notification=key.id, state=state)

    return each(event.to_dict(), "deliver", act)


@app.on_sqs_message(queue_arn="arn:aws:sqs:us-east-1:111111111111:receipts", batch_size=10)
def record_receipt(event: SQSEvent) -> dict[str, Any]:
    """Note what providers say about messages that they took."""

    def act(record: Mapping[str, Any]) -> None:
        try:
            receipt = read_receipt(record["body"])
        except UnknownEvent as unknown:
            logger.warning("unknown event", event_type=str(unknown)[:40])
            return
        if receipt:
            state = take_receipt(receipt, world())
            logger.info("receipt", notification=receipt.notification.id, told=receipt.state, state=state)

    return each(event.to_dict(), "record_receipt", act)


@app.on_sqs_message(queue_arn="arn:aws:sqs:us-east-1:111111111111:replies", batch_size=10)
def record_reply(event: SQSEvent) -> dict[str, Any]:
    """Do what people text back: stop, start."""

    def act(record: Mapping[str, Any]) -> None:
        intent = take_reply(read_reply(record["body"], sent_at(record)), world())
        logger.info("reply", intent=intent)

    return each(event.to_dict(), "record_reply", act)


@app.on_dynamodb_record(stream_arn="arn:aws:dynamodb:us-east-1:111111111111:table/incidents/stream/1", batch_size=100)
def export(event: DynamoDBEvent) -> None:
    """Land what changed in the tables, without the persons in it."""
    records = event.to_dict()["Records"]
    whole("copy", lambda: copy_entries(records, world().ledger_copies))
    changes, name = list[Changed](), batch_name(records)
    whole("read", lambda: changes.extend(read_records(records, world().leave_out)))
    whole("export", lambda: export_changes(changes, name, world().lake, world().settings))
    if any(isinstance(one, IncidentVersion) and one.unjudged for one in changes):
        from chalicelib.flow.desk.count_unjudged import count_unjudged  # noqa: PLC0415  where all is judged, never

        whole("unjudged", lambda: count_unjudged(changes, name, world().judging, now()))


@app.schedule("rate(15 minutes)", name="compact")
def compact(event: CloudWatchEvent) -> None:
    """Merge what has landed into the days that analysts read."""
    whole("compact", lambda: logger.info("compacted", files=compact_landing(world().lake)))


def _publish_scheduled() -> None:
    if world().drafts.due(now()):
        from chalicelib.insight.drafts.due import publish_due  # noqa: PLC0415  a few times a year

        logger.info("published", drafts=publish_due(world(), now()))


def _ask_for_results() -> None:
    if now().minute < 3:  # noqa: PLR2004  `nightly.MINUTES`, which is not imported each minute (a test compares)
        from chalicelib.insight.results.nightly import ask_due  # noqa: PLC0415  a few times a day

        logger.info("asked", results=ask_due(world(), now()))


def _work_on(record: Mapping[str, Any]) -> None:
    from chalicelib.insight.desk.jobs import work_on  # noqa: PLC0415  no page must wait for what the work needs

    tries = int(record["attributes"]["ApproximateReceiveCount"])
    logger.info("worked", became=work_on(world(), record["body"], tries))


def _serve(event: dict[str, Any], context: Any) -> dict[str, Any]:
    answer: dict[str, Any] = app(event, context)
    return answer


def _request() -> Request:
    if app.current_request is None:
        raise LookupError("no request")
    return app.current_request
