-- What became of the messages that a carrier took or refused, by channel, carrier and reason?
WITH outcomes AS (
    SELECT
        agency_id,
        channel,
        provider,
        state,
        CASE WHEN state IN ('undelivered', 'failed') THEN reason ELSE '' END AS reason
    FROM notifications
    WHERE
        state IN ('sent', 'delivered', 'undelivered', 'failed', 'unknown')
        AND planned_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
)

SELECT
    agency_id,
    channel,
    provider,
    state,
    reason,
    count(*) AS messages,
    round(1e2 * count(*) / sum(count(*)) OVER (PARTITION BY agency_id, channel), 2) AS percent_of_channel
FROM outcomes
GROUP BY agency_id, channel, provider, state, reason
ORDER BY agency_id, channel, provider, state, reason
