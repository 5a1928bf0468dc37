-- How many notifications of each kind are in each state, by the hour of the agency's day for which they were planned?
SELECT
    agency_id,
    kind,
    state,
    planned_hour AS hour,
    count(*) AS messages
FROM notifications
WHERE
    planned_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, kind, state, planned_hour
ORDER BY agency_id, kind, state, planned_hour
