-- Which people do not answer: how many were asked, and how many answered, by type, hour, beat and language?
WITH people AS (
    SELECT
        told.agency_id,
        calls.incident_type,
        calls.received_hour AS hour,
        calls.beat,
        told.language,
        1 AS asked,
        0 AS answered
    FROM told
    LEFT JOIN (
        SELECT id, incident_type, received_hour, beat
        FROM incidents
        WHERE dt BETWEEN '2025-12-25' AND '2027-01-07'
    ) AS calls ON told.incident_id = calls.id
    WHERE
        told.kind = 'survey'
        AND told.sent_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND told.dt BETWEEN '2025-12-25' AND '2027-01-07'
    UNION ALL
    SELECT
        agency_id,
        max(incident_type) AS incident_type,
        max(hour) AS hour,
        max(beat) AS beat,
        max(language) AS language,
        0 AS asked,
        1 AS answered
    FROM survey_answers
    WHERE
        coalesce(asked_by, '') <> 'card'
        AND asked_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, respondent
),

grouped AS (
    SELECT
        people.agency_id,
        dimensions.dimension,
        coalesce(
            CASE dimensions.dimension
                WHEN 'type' THEN people.incident_type
                WHEN 'beat' THEN people.beat
                WHEN 'language' THEN people.language
                WHEN 'hour' THEN
                    CASE
                        WHEN people.hour < 6 THEN '00-05'
                        WHEN people.hour < 12 THEN '06-11'
                        WHEN people.hour < 18 THEN '12-17'
                        WHEN people.hour < 24 THEN '18-23'
                    END
            END,
            '(not told)'
        ) AS value,
        sum(people.asked) AS asked,
        sum(people.answered) AS answered
    FROM people
    CROSS JOIN (VALUES ('type'), ('hour'), ('beat'), ('language')) AS dimensions (dimension)
    GROUP BY 1, 2, 3
)

SELECT
    agency_id,
    dimension,
    value,
    asked,
    answered,
    CASE WHEN answered <= asked THEN round(1e2 * answered / nullif(asked, 0), 1) END AS percent,
    CASE
        WHEN answered <= asked
            THEN round(1e2 * wilson_interval_lower(least(answered, asked), nullif(asked, 0), 1.959963984540054e0), 1)
    END AS low,
    CASE
        WHEN answered <= asked
            THEN round(1e2 * wilson_interval_upper(least(answered, asked), nullif(asked, 0), 1.959963984540054e0), 1)
    END AS high
FROM grouped
ORDER BY agency_id, dimension, value
