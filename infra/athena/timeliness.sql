-- How long after its time did each kind go: the median, the 95th percentile, and how many within a minute?
WITH waits AS (
    SELECT
        agency_id,
        kind,
        wait_seconds,
        row_number() OVER (PARTITION BY agency_id, kind ORDER BY wait_seconds) AS place,
        count(*) OVER (PARTITION BY agency_id, kind) AS places
    FROM told
    WHERE
        planned_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
)

SELECT
    agency_id,
    kind,
    count(*) AS messages,
    min(CASE WHEN 2 * place >= places THEN wait_seconds END) AS median_seconds,
    min(CASE WHEN 100 * place >= 95 * places THEN wait_seconds END) AS p95_seconds,
    round(1e2 * count(CASE WHEN wait_seconds <= 60 THEN 1 END) / count(*), 1) AS percent_within_a_minute
FROM waits
GROUP BY agency_id, kind
ORDER BY agency_id, kind
