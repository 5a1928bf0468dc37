-- On which days was the feed silent for hours, and how many incidents came late or without an allowed type?
WITH heard AS (
    SELECT
        agency_id,
        heard_on AS day,
        sum(updates) AS updates,
        24 - count(DISTINCT heard_hour) AS silent_hours
    FROM updates
    WHERE
        heard_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, heard_on
),

calls AS (
    SELECT
        agency_id,
        received_on AS day,
        count(*) AS incidents,
        count(CASE WHEN lag_seconds > 300 THEN 1 END) AS heard_late,
        count(CASE WHEN no_acknowledgment IN ('type_unknown', 'type_not_allowed') THEN 1 END) AS without_allowed_type
    FROM incidents
    WHERE
        received_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, received_on
)

SELECT
    heard.agency_id,
    heard.day,
    heard.updates,
    heard.silent_hours,
    coalesce(calls.incidents, 0) AS incidents,
    coalesce(calls.heard_late, 0) AS heard_late,
    coalesce(calls.without_allowed_type, 0) AS without_allowed_type
FROM heard
LEFT JOIN calls ON heard.agency_id = calls.agency_id AND heard.day = calls.day
ORDER BY heard.agency_id, heard.day
