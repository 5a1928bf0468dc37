-- Which notifications were not sent, and why: decided with the incident, or later?
SELECT
    incidents.dt,
    incidents.agency_id,
    incidents.id AS incident_id,
    incidents.received_on AS decided_for,
    kinds.kind,
    CASE kinds.kind
        WHEN 'acknowledgment' THEN no_acknowledgment
        WHEN 'dispatched' THEN no_dispatched
        WHEN 'delay' THEN no_delay
        WHEN 'outcome' THEN no_outcome
        WHEN 'case_number' THEN no_case_number
        ELSE no_survey
    END AS reason,
    'with the incident' AS decided
FROM incidents
CROSS JOIN (
    VALUES ('acknowledgment'), ('dispatched'), ('delay'), ('outcome'), ('case_number'), ('survey')
) AS kinds (kind)
WHERE
    CASE kinds.kind
        WHEN 'acknowledgment' THEN no_acknowledgment
        WHEN 'dispatched' THEN no_dispatched
        WHEN 'delay' THEN no_delay
        WHEN 'outcome' THEN no_outcome
        WHEN 'case_number' THEN no_case_number
        ELSE no_survey
    END IS NOT NULL
UNION ALL
SELECT
    dt,
    agency_id,
    incident_id,
    planned_on AS decided_for,
    kind,
    CASE WHEN reason = '' THEN state ELSE reason END AS reason,
    'about the notification' AS decided
FROM notifications
WHERE state IN ('suppressed', 'cancelled', 'failed')
