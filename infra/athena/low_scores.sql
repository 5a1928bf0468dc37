-- How many marks of 1 or 2 came in, by month and question, and was each followed up, and in time, as far as the lake is told?
SELECT
    agency_id,
    month,
    question,
    count(*) AS low,
    count(CASE WHEN follow_up = 'open' THEN 1 END) AS still_open,
    count(CASE WHEN follow_up = 'closed' AND followed_up_at <= follow_up_due_at THEN 1 END) AS closed_in_time,
    count(CASE WHEN follow_up = 'closed' AND followed_up_at > follow_up_due_at THEN 1 END) AS closed_late,
    count(CASE WHEN follow_up IS NULL THEN 1 END) AS follow_up_not_told
FROM marks
WHERE
    mark <= 2
    AND asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, month, question
ORDER BY agency_id, month, question
