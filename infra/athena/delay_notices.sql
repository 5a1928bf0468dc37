-- How many delay notices went, by priority, and how late were officers then?
WITH notices AS (
    SELECT
        calls.agency_id,
        calls.priority,
        calls.arrived_at,
        calls.response_seconds,
        row_number() OVER (PARTITION BY calls.agency_id, calls.priority ORDER BY calls.response_seconds) AS place,
        count(calls.response_seconds) OVER (PARTITION BY calls.agency_id, calls.priority) AS places
    FROM (
        SELECT agency_id, incident_id
        FROM told
        WHERE
            kind = 'delay'
            AND planned_on BETWEEN '2026-01-01' AND '2026-12-31'
            AND dt BETWEEN '2025-12-25' AND '2027-01-07'
        GROUP BY agency_id, incident_id
    ) AS late
    INNER JOIN (
        SELECT id, agency_id, priority, arrived_at, response_seconds
        FROM incidents
        WHERE dt BETWEEN '2025-12-25' AND '2027-01-07'
    ) AS calls ON late.incident_id = calls.id
)

SELECT
    agency_id,
    coalesce(priority, '(not told)') AS priority,
    count(*) AS calls,
    count(arrived_at) AS officers_came,
    count(*) - count(arrived_at) AS no_arrival_told,
    count(response_seconds) AS timed,
    round(min(CASE WHEN 2 * place >= places THEN response_seconds END) / 6e1, 1) AS median_minutes,
    round(min(CASE WHEN 10 * place >= 9 * places THEN response_seconds END) / 6e1, 1) AS p90_minutes
FROM notices
GROUP BY agency_id, priority
ORDER BY agency_id, priority
