"""Work out each named query's answer in plain Python from the same rows: no SQL, no shared code."""

import math
from collections import Counter, defaultdict
from datetime import timedelta

WENT = ("sent", "delivered", "unknown")
Z = 1.959963984540054


def rounded(value, digits):
    """Round as databases do, half away from zero; Python rounds half to even."""
    scaled = abs(value) * 10**digits
    whole = math.floor(scaled + 0.5)
    return math.copysign(whole / 10**digits, value) if whole else 0.0


def percent(part, of, digits=1):
    return rounded(100.0 * part / of, digits)


def wilson(part, of, digits=1):
    spread = Z * math.sqrt(1.0 * part * (of - part) / of + 0.960364705173531)
    return tuple(
        rounded(100.0 * (part + 1.920729410347062 + sign * spread) / (of + 3.841458820694124), digits)
        for sign in (-1, 1)
    )


def nearest_rank(values, part, of):
    """Return the least value that at least part/of of the values do not exceed."""
    ordered = sorted(value for value in values if value is not None)
    places = [place for place in range(1, len(ordered) + 1) if of * place >= part * len(ordered)]
    return ordered[places[0] - 1] if places else None


def grouped(rows, *keys):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(key(row) if callable(key) else row[key] for key in keys)].append(row)
    return groups


def band(hour):
    return None if hour is None else f"{hour // 6 * 6:02}-{hour // 6 * 6 + 5:02}"


def month(column):
    return lambda row: row[column][:7]


class Oracle:
    """The answers for a period, from rows as dictionaries by table."""

    def __init__(self, tables, first, last):
        self.tables, self.first, self.last = tables, first.isoformat(), last.isoformat()
        self.early = (first - timedelta(days=7)).isoformat()
        self.late = (last + timedelta(days=7)).isoformat()

    def rows(self, table, column=None):
        return [
            row
            for row in self.tables[table]
            if self.early <= row["dt"] <= self.late
            and (column is None or (row[column] is not None and self.first <= row[column] <= self.last))
        ]

    def told(self, column):
        return [row for row in self.rows("notifications", column) if row["state"] in WENT and row["sent_at"]]

    def marks(self):
        return [row for row in self.rows("survey_answers", "asked_on") if row["mark"] is not None]

    def by(self, key, *more):
        found = grouped(self.marks(), "agency_id", key, "question", "question_version", *more)
        for group, rows in found.items():
            good = sum(row["mark"] >= 4 for row in rows)
            mean = rounded(math.fsum(row["mark"] for row in rows) / len(rows), 2)
            yield (*group, len(rows), good, mean, percent(good, len(rows)), *wilson(good, len(rows)))

    def satisfaction(self):
        return self.by(month("asked_on"), "arm")

    def satisfaction_by_quarter(self):
        return self.by(lambda row: f"{row['asked_on'][:4]}Q{(int(row['asked_on'][5:7]) - 1) // 3 + 1}")

    def satisfaction_by_type(self):
        return self.by("incident_type")

    def satisfaction_by_beat(self):
        return self.by("beat")

    def satisfaction_by_shift(self):
        return self.by("shift")

    def satisfaction_by_unit(self):
        return self.by("unit")

    def marks_by_group(self):
        dimensions = {
            "month": month("asked_on"),
            "type": "incident_type",
            "hour": lambda row: band(row["hour"]),
            **{name: name for name in ("beat", "shift", "unit", "door", "language", "arm")},
        }
        for dimension, column in dimensions.items():
            for agency, value, question, version, *figures in self.by(column):
                yield (agency, question, version, dimension, "(not told)" if value is None else value, *figures)

    def marks_by_officer_and_call_taker(self):
        columns = {"officer": "officer", "call_taker": "call_taker_id"}
        known = [(row, columns[row["about"]]) for row in self.marks() if row["about"] in columns]
        told = [{**row, "whom": "(not told)" if row[column] is None else row[column]} for row, column in known]
        for group, rows in grouped(told, "agency_id", "question", "question_version", "about", "whom").items():
            yield (*group, len(rows), sum(row["mark"] >= 4 for row in rows))

    def marks_by_month(self):
        keys = ("agency_id", month("asked_on"), "question", "question_version", "about", "mark")
        for group, rows in grouped(self.marks(), *keys).items():
            yield (*group, len(rows))

    def asked(self):
        return [row for row in self.told("sent_on") if row["kind"] == "survey"]

    def invited(self):
        return [row for row in self.rows("survey_answers", "asked_on") if row["asked_by"] != "card"]

    def rate(self, asked, answered):
        if not asked or answered > asked:
            return None, None, None
        return percent(answered, asked), *wilson(answered, asked)

    def response_by_door_and_arm(self):
        people = defaultdict(set)
        for row in self.invited():
            people[row["agency_id"], row["arm"], row["respondent"]].update(row["door"].split(","))
        for (agency, arm), rows in grouped(self.asked(), "agency_id", "arm").items():
            doors = Counter()
            for (of_agency, of_arm, _), used in people.items():
                if (of_agency, of_arm) == (agency, arm):
                    doors["both" if len(used) > 1 else min(used)] += 1
                    doors["any"] += 1
            for door, answered in (doors or {"any": 0}).items():
                yield (agency, arm, door, len(rows), answered, *self.rate(len(rows), answered))

    def non_response(self):
        calls = {row["id"]: row for row in self.rows("incidents")}
        nothing = {"incident_type": None, "received_hour": None, "beat": None, "shift": None}
        asked, answered = Counter(), Counter()
        for row in self.asked():
            call = calls.get(row["incident_id"], nothing)
            self.place(asked, row, {**call, "hour": call["received_hour"]}, None)
        for rows in grouped(self.invited(), "agency_id", "respondent").values():
            self.place(answered, rows[0], rows[0], (rows[0]["carries"] or "").split(","))
        for agency, dimension, value in asked.keys() | answered.keys():
            group = agency, dimension, value
            known = (agency, dimension, "(not carried)") not in answered
            rate = self.rate(asked[group], answered[group]) if known else (None, None, None)
            yield (*group, asked[group], answered[group], *rate)

    def place(self, counter, row, facts, carries):
        for dimension, column in (("type", "incident_type"), ("beat", "beat"), ("shift", "shift"), ("hour", "hour")):
            value = band(facts[column]) if column == "hour" else facts[column]
            untold = carries is not None and column not in carries
            counter[row["agency_id"], dimension, value or ("(not carried)" if untold else "(not told)")] += 1
        for dimension in ("language", "arm"):
            counter[row["agency_id"], dimension, row[dimension]] += 1

    def marks_by_call(self):
        def way(row):
            return "card" if row["asked_by"] == "card" else "message"

        keys = ("agency_id", "question", "question_version", way, "incident_type", lambda row: band(row["hour"]))
        for group, rows in grouped(self.marks(), *keys, "beat", "shift", "language").items():
            yield (*group, len(rows), sum(row["mark"] >= 4 for row in rows))

    def messages(self):
        found = grouped(self.rows("notifications", "planned_on"), "agency_id", "kind", "state", "planned_hour")
        return ((*group, len(rows)) for group, rows in found.items())

    def timeliness(self):
        for group, rows in grouped(self.told("planned_on"), "agency_id", "kind").items():
            waits = [row["wait_seconds"] for row in rows]
            soon = percent(sum(wait <= 60 for wait in waits), len(waits))
            yield (*group, len(rows), nearest_rank(waits, 1, 2), nearest_rank(waits, 95, 100), soon)

    def delay_notices(self):
        late = {row["incident_id"] for row in self.told("planned_on") if row["kind"] == "delay"}
        calls = [row for row in self.rows("incidents") if row["id"] in late]
        for (agency, priority), rows in grouped(calls, "agency_id", "priority").items():
            came = sum(row["arrived_at"] is not None for row in rows)
            timed = [row["response_seconds"] for row in rows if row["response_seconds"] is not None]
            half, most = (nearest_rank(timed, *share) for share in ((1, 2), (9, 10)))
            times = (None if at is None else rounded(at / 60, 1) for at in (half, most))
            yield (agency, priority or "(not told)", len(rows), came, len(rows) - came, len(timed), *times)

    def delivery(self):
        handed = [
            {**row, "reason": row["reason"] if row["state"] in ("undelivered", "failed") else ""}
            for row in self.rows("notifications", "planned_on")
            if row["state"] in (*WENT, "undelivered", "failed")
        ]
        of = Counter((row["agency_id"], row["channel"]) for row in handed)
        for group, rows in grouped(handed, "agency_id", "channel", "provider", "state", "reason").items():
            yield (*group, len(rows), percent(len(rows), of[group[:2]], 2))

    def cost(self):
        sent = self.rows("notifications", "sent_on")
        for group, rows in grouped(sent, "agency_id", month("sent_on"), "kind", "channel").items():
            dollars = rounded(math.fsum(row["cost"] or 0 for row in rows), 6)
            unpriced = sum(row["segments"] for row in rows if row["cost"] is None)
            yield (*group, len(rows), sum(row["segments"] for row in rows), dollars, unpriced)

    def reasons(self):
        found = defaultdict(list)
        for row in self.rows("incidents", "received_on"):
            for kind in ("acknowledgment", "dispatched", "delay", "outcome", "case_number", "survey"):
                if row[f"no_{kind}"]:
                    found[row["agency_id"], kind, "with the incident", row[f"no_{kind}"]].append(row["id"])
        for row in self.rows("notifications", "planned_on"):
            if row["state"] in ("suppressed", "cancelled", "failed"):
                why = row["reason"] or row["state"]
                found[row["agency_id"], row["kind"], "about the notification", why].append(row["incident_id"])
        return ((*group, len(set(ids)), len(ids)) for group, ids in found.items())

    def low_scores(self):
        found = grouped(self.rows("follow_ups", "asked_on"), "agency_id", month("asked_on"), "because")
        for group, rows in found.items():
            still = [row for row in rows if row["state"] == "open"]
            ends = [row["in_time"] for row in rows]
            hours = max((row["hours"] for row in rows if row["hours"] is not None), default=None)
            due = min((row["due_on"] for row in still if row["due_on"]), default=None)
            yield (*group, len(rows), len(still), ends.count(True), ends.count(False), hours, due)

    def repeat_contacts(self):
        calls = {row["id"]: row for row in self.rows("incidents")}
        decided = [
            row
            for row in self.rows("notifications", "planned_on")
            if row["ordinal"] == 0
            and (
                (row["state"] in WENT and row["sent_at"])
                or (row["state"] == "suppressed" and row["reason"] == "shadow")
            )
        ]
        found = defaultdict(list)
        for (agency, kind, name), rows in grouped(decided, "agency_id", "kind", "incident_id").items():
            sent = [row["sent_at"] for row in rows if row["sent_at"]]
            at = min(sent) if sent else min(row["finished_at"] for row in rows)
            if name in calls:
                again = (calls[name]["last_repeat_at"] or "") > at
                days = [row["sent_on"] for row in rows if row["sent_on"]]
                found[agency, kind, "live" if sent else "shadow"].append((again, min(days, default=None)))
        for group, each in found.items():
            again, of = sum(called for called, _ in each), len(each)
            first = min((day for _, day in each if day), default=None)
            yield (*group, first, of, again, percent(again, of, 2), *wilson(again, of, 2))

    def feed_health(self):
        for group, rows in grouped(self.rows("updates", "heard_on"), "agency_id", "heard_on", "heard_hour").items():
            lags = [row["lag_seconds"] for row in rows]
            ranks = nearest_rank(lags, 1, 2), nearest_rank(lags, 95, 100), max(lags)
            yield (*group, sum(row["updates"] for row in rows), len({row["incident_id"] for row in rows}), *ranks)

    def feed_days(self):
        calls = grouped(self.rows("incidents", "received_on"), "agency_id", "received_on")
        for group, rows in grouped(self.rows("updates", "heard_on"), "agency_id", "heard_on").items():
            those = calls.get(group, [])
            late = sum((row["lag_seconds"] or 0) > 300 for row in those)
            untyped = sum(row["no_acknowledgment"] in ("type_unknown", "type_not_allowed") for row in those)
            silent = 24 - len({row["heard_hour"] for row in rows})
            yield (*group, sum(row["updates"] for row in rows), silent, len(those), late, untyped)

    def unknown_types(self):
        untyped = [
            {**row, "incident_type": row["incident_type"] or "(none)"}
            for row in self.rows("incidents", "received_on")
            if row["no_acknowledgment"] in ("type_unknown", "type_not_allowed")
        ]
        for group, rows in grouped(untyped, "agency_id", "incident_type").items():
            days = [row["received_on"] for row in rows]
            yield (*group, len(rows), min(days), max(days))

    def calls(self):
        went = [row for row in self.rows("notifications") if row["state"] in WENT and row["sent_at"]]
        heard = Counter(row["incident_id"] for row in went)
        ended = {row["incident_id"] for row in went if row["kind"] == "outcome"}
        for group, rows in grouped(self.rows("incidents", "received_on"), "agency_id", month("received_on")).items():
            timed = [row["response_seconds"] for row in rows if row["response_seconds"] is not None]
            half = nearest_rank(timed, 1, 2)
            told = [heard[row["id"]] for row in rows if heard[row["id"]]]
            minutes = None if half is None else rounded(half / 60, 1)
            yield (
                *group,
                len(rows),
                sum(bool(row["duplicate"]) for row in rows),
                len(told),
                len({row["id"] for row in rows} & ended),
                sum(told),
                sum(row["arrived_at"] is not None for row in rows),
                len(timed),
                minutes,
            )

    def decided(self):
        decisions = {(row["id"], row["words"]): row["state"] for row in self.rows("releases")}
        for row in self.rows("comments", "asked_on"):
            if row["comment"]:
                yield row, decisions.get((row["id"], row["words"]))

    def comments_counted(self):
        groups = defaultdict(list)
        for row, state in self.decided():
            groups[row["agency_id"], row["asked_on"][:7]].append(state)
        for group, states in groups.items():
            yield (*group, len(states), len([state for state in states if state]), states.count("released"))

    def comments(self):
        names = ("agency_id", "asked_on", "question", "about", "language", "comment", "id", "dt", "words")
        return (tuple(row[name] for name in names) for row, state in self.decided() if state == "released")

    def comments_unreleased(self):
        names = ("agency_id", "asked_on", "question", "about", "language", "comment", "id", "dt", "words")
        for row, state in self.decided():
            if state != "released":
                yield (*(row[name] for name in names), state or "new")
