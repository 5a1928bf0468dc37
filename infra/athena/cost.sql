-- How many segments went, by month, kind and channel, and what did they cost, as far as carriers said?
SELECT
    agency_id,
    substr(sent_on, 1, 7) AS month,
    kind,
    channel,
    count(*) AS messages,
    sum(segments) AS segments,
    round(sum(coalesce(cost, 0e0)), 6) AS dollars_told,
    sum(CASE WHEN cost IS NULL THEN segments ELSE 0 END) AS segments_without_price
FROM notifications
WHERE
    sent_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, substr(sent_on, 1, 7), kind, channel
ORDER BY agency_id, month, kind, channel
