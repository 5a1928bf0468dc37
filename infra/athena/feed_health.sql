-- How is the dispatch system's feed: updates, incidents and lag, by the hour of the agency's day?
WITH heard AS (
    SELECT
        agency_id,
        heard_on,
        heard_hour,
        incident_id,
        updates,
        lag_seconds,
        row_number() OVER (PARTITION BY agency_id, heard_on, heard_hour ORDER BY lag_seconds) AS place,
        count(*) OVER (PARTITION BY agency_id, heard_on, heard_hour) AS places
    FROM updates
    WHERE
        heard_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
)

SELECT
    agency_id,
    heard_on,
    heard_hour,
    sum(updates) AS updates,
    count(DISTINCT incident_id) AS incidents,
    min(CASE WHEN 2 * place >= places THEN lag_seconds END) AS median_lag_seconds,
    min(CASE WHEN 100 * place >= 95 * places THEN lag_seconds END) AS p95_lag_seconds,
    max(lag_seconds) AS longest_lag_seconds
FROM heard
GROUP BY agency_id, heard_on, heard_hour
ORDER BY agency_id, heard_on, heard_hour
