"""The stack's names, from the environment: read once, at the first request, never at import."""

import os
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import fields


class Config(Struct, frozen=True, kw_only=True):
    """The names of everything that the stack made for us; `infra/stack/functions.json` sets them."""

    region: str
    incidents_table: str
    contacts_table: str
    surveys_table: str
    settings_table: str
    hints_queue: str
    lake_bucket: str
    webhook_keys_secret: str
    root_key_secret: str
    carriers_secret: str
    receipts_queue: str
    replies_queue: str
    follow_ups_topic: str
    standards_topic: str
    configuration_set: str
    cad_domain: str = ""
    ledger_table: str = ""
    ledger_copies: str = ""
    sessions_table: str = ""
    desk_secret: str = ""
    desk_domain: str = ""
    desk_keys: str = ""
    desk_jobs: str = ""
    lake_workgroup: str = ""
    lake_database: str = ""
    twilio_url: str = "https://api.twilio.com"

    @property
    def tables(self) -> dict[str, str]:
        """Return the names of the tables by what they hold."""
        return {
            "incidents": self.incidents_table,
            "contacts": self.contacts_table,
            "surveys": self.surveys_table,
            "settings": self.settings_table,
        }


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration; KeyError names the variable that is missing."""
    names = {name: f"TENFOUR_{name.upper()}" for name in Config.__struct_fields__ if name != "region"}
    optional = {field.name for field in fields(Config) if not field.required}
    usual = optional - {name for name, variable in names.items() if variable in environment}
    values = {name: environment[variable] for name, variable in names.items() if name not in usual}
    return Config(region=environment["AWS_REGION"], **values)
