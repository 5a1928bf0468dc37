"""End User Messaging's and SES's word about an account, over their own wire protocols; each answer can be changed."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TOPIC = "arn:aws:sns:us-west-2:000000000000:tenfour-RepliesTopic"

NUMBER = {
    "PhoneNumberArn": "arn:aws:sms-voice:us-west-2:000000000000:phone-number/phone-1",
    "PhoneNumberId": "phone-1",
    "PhoneNumber": "+13035550199",
    "Status": "ACTIVE",
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "TEN_DLC",
    "MonthlyLeasingPrice": "2.00",
    "TwoWayEnabled": True,
    "TwoWayChannelArn": TOPIC,
    "SelfManagedOptOutsEnabled": True,
    "OptOutListName": "Default",
    "DeletionProtectionEnabled": True,
    "CreatedTimestamp": 1795284000,
}
POOL = {
    "PoolArn": "arn:aws:sms-voice:us-west-2:000000000000:pool/pool-1",
    "PoolId": "pool-1",
    "Status": "ACTIVE",
    "MessageType": "TRANSACTIONAL",
    "TwoWayEnabled": True,
    "TwoWayChannelArn": TOPIC,
    "SelfManagedOptOutsEnabled": True,
    "OptOutListName": "Default",
    "SharedRoutesEnabled": False,
    "DeletionProtectionEnabled": True,
    "CreatedTimestamp": 1795284000,
}
KEYWORDS = ("STOP", "HELP")
REGISTRATION = {
    "RegistrationArn": "arn:aws:sms-voice:us-west-2:000000000000:registration/registration-1",
    "RegistrationId": "registration-1",
    "RegistrationType": "US_TOLL_FREE_REGISTRATION",
    "RegistrationStatus": "COMPLETE",
    "CurrentVersionNumber": 1,
    "CreatedTimestamp": 1795284000,
}


def number(**changes):
    """Return a number as End User Messaging describes one."""
    return NUMBER | changes


def pool(**changes):
    """Return the pool as End User Messaging describes it."""
    return POOL | changes


def keyword(word):
    """Return a keyword as End User Messaging describes one."""
    return {"Keyword": word, "KeywordMessage": "…", "KeywordAction": "OPT_OUT"}


def registration(status):
    """Return a registration in a state."""
    return REGISTRATION | {"RegistrationStatus": status}


class Account:
    """An account that is ready for everything, but for what a test says."""

    def __init__(self, **changes) -> None:
        self.tier, self.limit, self.most = "PRODUCTION", 500, 5000
        self.numbers, self.registrations = [number()], [registration("COMPLETE")]
        self.production, self.sending, self.verified = True, True, True
        self.pool, self.keywords = POOL, KEYWORDS
        self.denied, self.deleted, self.policy = "", [], ""
        self.texts, self.emails, self.took = [], [], lambda request, message_id: None
        for name, value in changes.items():
            setattr(self, name, value)

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(
            routes=[
                Route("/", self.messaging, methods=["POST"]),
                Route("/v2/email/account", self.email, methods=["GET"]),
                Route("/v2/email/outbound-emails", self.take_email, methods=["POST"]),
                Route("/v2/email/identities/{name}", self.identity, methods=["GET"]),
                Route("/v2/email/identities/{name}", self.delete_identity, methods=["DELETE"]),
            ]
        )

    async def messaging(self, request: Request) -> JSONResponse:
        action = request.headers["x-amz-target"].rpartition(".")[2]
        if action == self.denied:
            denied = {"__type": "AccessDeniedException", "Message": "no"}
            return JSONResponse(denied, status_code=400)
        limit = {"Name": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", "EnforcedLimit": self.limit, "MaxLimit": self.most}
        answers = {
            "DescribeAccountAttributes": {"AccountAttributes": [{"Name": "ACCOUNT_TIER", "Value": self.tier}]},
            "DescribeSpendLimits": {"SpendLimits": [limit | {"Overridden": True}]},
            "DescribeRegistrations": {"Registrations": self.registrations},
            "DescribePhoneNumbers": {"PhoneNumbers": self.numbers},
            "DescribePools": {"Pools": [self.pool]},
            "DescribeKeywords": {"Keywords": [keyword(word) for word in self.keywords]},
        }
        if action == "SendTextMessage":
            self.texts.append(await request.json())
            await run_in_threadpool(self.took, self.texts[-1], f"text-{len(self.texts)}")
            return JSONResponse({"MessageId": f"text-{len(self.texts)}"}, media_type="application/x-amz-json-1.0")
        if action == "GetResourcePolicy":
            if not self.policy:
                missing = {"__type": "ResourceNotFoundException", "Message": "no policy"}
                return JSONResponse(missing, status_code=400)
            return JSONResponse({"Policy": self.policy}, media_type="application/x-amz-json-1.0")
        return JSONResponse(answers[action], media_type="application/x-amz-json-1.0")

    async def email(self, request: Request) -> JSONResponse:
        quota = {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1.0}
        told = {"ProductionAccessEnabled": self.production, "SendingEnabled": self.sending, "SendQuota": quota}
        return JSONResponse({**told, "EnforcementStatus": "HEALTHY"})

    async def take_email(self, request: Request) -> JSONResponse:
        self.emails.append(await request.json())
        await run_in_threadpool(self.took, self.emails[-1], f"email-{len(self.emails)}")
        return JSONResponse({"MessageId": f"email-{len(self.emails)}"})

    async def identity(self, request: Request) -> JSONResponse:
        if not self.verified:
            headers = {"x-amzn-errortype": "NotFoundException"}
            return JSONResponse({"message": "no such identity"}, status_code=404, headers=headers)
        return JSONResponse({"VerifiedForSendingStatus": True})

    async def delete_identity(self, request: Request) -> JSONResponse:
        self.deleted.append(request.path_params["name"])
        return JSONResponse({})
