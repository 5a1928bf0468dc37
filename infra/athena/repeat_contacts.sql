-- How often do people call again about an open incident after a message, compared with the weeks in shadow?
WITH decided AS (
    SELECT
        agency_id,
        kind,
        incident_id,
        CASE WHEN count(sent_at) > 0 THEN 'live' ELSE 'shadow' END AS phase,
        coalesce(min(sent_at), min(finished_at)) AS decided_at,
        min(sent_on) AS first_sent_on
    FROM notifications
    WHERE
        ordinal = 0
        AND (
            (state IN ('sent', 'delivered', 'unknown') AND sent_at IS NOT NULL)
            OR (state = 'suppressed' AND reason = 'shadow')
        )
        AND planned_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, kind, incident_id
),

counted AS (
    SELECT
        decided.agency_id,
        decided.kind,
        decided.phase,
        min(decided.first_sent_on) AS first_sent_on,
        count(*) AS incidents,
        count(CASE WHEN calls.last_repeat_at > decided.decided_at THEN 1 END) AS called_again
    FROM decided
    INNER JOIN (
        SELECT id, last_repeat_at
        FROM incidents
        WHERE dt BETWEEN '2025-12-25' AND '2027-01-07'
    ) AS calls ON decided.incident_id = calls.id
    GROUP BY decided.agency_id, decided.kind, decided.phase
)

SELECT
    agency_id,
    kind,
    phase,
    first_sent_on,
    incidents,
    called_again,
    round(1e2 * called_again / incidents, 2) AS percent,
    round(1e2 * wilson_interval_lower(called_again, incidents, 1.959963984540054e0), 2) AS low,
    round(1e2 * wilson_interval_upper(called_again, incidents, 1.959963984540054e0), 2) AS high
FROM counted
ORDER BY agency_id, kind, phase DESC
