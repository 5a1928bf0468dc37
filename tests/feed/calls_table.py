"""A table of calls in a real PostgreSQL, as a CAD would keep it."""

import sqlalchemy

CREATE = """
DROP TABLE IF EXISTS calls;
CREATE TABLE calls (no text PRIMARY KEY, changed timestamp NOT NULL, kind text, received timestamp, arrived timestamp,
    phone text, caller_name text, address text);
CREATE INDEX ON calls (changed, no);
"""
LOCAL = "(clock_timestamp() AT TIME ZONE 'America/Denver')"
CALL = (
    f"INSERT INTO calls VALUES (:no, {LOCAL}, 'NOISE', {LOCAL}, NULL, '303-555-0123', 'Nobody Atall', '1 Nowhere Rd')"
)


def run(engine, sql, **values):
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.text(sql), values)
