-- How many low marks and requests for a call came in each month, are they closed, and were they closed in time?
SELECT
    agency_id,
    substr(asked_on, 1, 7) AS month,
    because,
    count(*) AS came_up,
    count(CASE WHEN state = 'open' THEN 1 END) AS still_open,
    count(CASE WHEN in_time THEN 1 END) AS closed_in_time,
    count(CASE WHEN NOT in_time THEN 1 END) AS closed_late,
    max(hours) AS most_hours,
    min(CASE WHEN state = 'open' THEN due_on END) AS first_open_due_on
FROM follow_ups
WHERE
    asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, substr(asked_on, 1, 7), because
ORDER BY agency_id, month, because
