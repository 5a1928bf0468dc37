-- How many calls came each month, how many led to a message, of whose end were callers told, and how soon did officers come?
WITH calls AS (
    SELECT
        agency_id,
        id,
        substr(received_on, 1, 7) AS month,
        duplicate,
        arrived_at,
        response_seconds,
        row_number() OVER (PARTITION BY agency_id, substr(received_on, 1, 7) ORDER BY response_seconds) AS place,
        count(response_seconds) OVER (PARTITION BY agency_id, substr(received_on, 1, 7)) AS places
    FROM incidents
    WHERE
        received_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
),

heard AS (
    SELECT
        incident_id,
        count(*) AS messages,
        count(CASE WHEN kind = 'outcome' THEN 1 END) AS outcomes
    FROM told
    WHERE dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY incident_id
)

SELECT
    calls.agency_id,
    calls.month,
    count(*) AS calls,
    count(CASE WHEN calls.duplicate THEN 1 END) AS duplicates,
    count(heard.incident_id) AS calls_told,
    count(CASE WHEN heard.outcomes > 0 THEN 1 END) AS calls_told_outcome,
    coalesce(sum(heard.messages), 0) AS messages,
    count(calls.arrived_at) AS officers_came,
    count(calls.response_seconds) AS timed,
    round(min(CASE WHEN 2 * calls.place >= calls.places THEN calls.response_seconds END) / 6e1, 1) AS median_minutes
FROM calls
LEFT JOIN heard ON calls.id = heard.incident_id
GROUP BY calls.agency_id, calls.month
ORDER BY calls.agency_id, calls.month
