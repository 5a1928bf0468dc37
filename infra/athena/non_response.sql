-- Which people do not answer: how many were asked, and how many answered, by type, hour, beat, shift, language and arm?
WITH people AS (
    SELECT
        told.agency_id,
        calls.incident_type,
        calls.received_hour AS hour,
        calls.beat,
        calls.shift,
        told.language,
        told.arm,
        NULL AS carries,
        1 AS asked,
        0 AS answered
    FROM told
    LEFT JOIN (
        SELECT id, incident_type, received_hour, beat, shift
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
        max(shift) AS shift,
        max(language) AS language,
        max(arm) AS arm,
        coalesce(max(carries), '') AS carries,
        0 AS asked,
        1 AS answered
    FROM survey_answers
    WHERE
        coalesce(asked_by, '') <> 'card'
        AND asked_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, respondent
),

told_of AS (
    SELECT
        people.agency_id,
        dimensions.dimension,
        CASE dimensions.dimension
            WHEN 'type' THEN people.incident_type
            WHEN 'beat' THEN people.beat
            WHEN 'shift' THEN people.shift
            WHEN 'language' THEN people.language
            WHEN 'arm' THEN people.arm
            WHEN 'hour' THEN
                CASE
                    WHEN people.hour < 6 THEN '00-05'
                    WHEN people.hour < 12 THEN '06-11'
                    WHEN people.hour < 18 THEN '12-17'
                    WHEN people.hour < 24 THEN '18-23'
                END
        END AS fact,
        people.carries LIKE dimensions.carried AS carried,
        people.asked,
        people.answered
    FROM people
    CROSS JOIN (
        VALUES
        ('type', '%incident_type%'), ('hour', '%hour%'), ('beat', '%beat%'), ('shift', '%shift%'),
        ('language', '%'), ('arm', '%')
    ) AS dimensions (dimension, carried)
),

grouped AS (
    SELECT
        agency_id,
        dimension,
        coalesce(fact, CASE WHEN carried = FALSE THEN '(not carried)' ELSE '(not told)' END) AS value,
        sum(asked) AS asked,
        sum(answered) AS answered,
        sum(sum(CASE WHEN fact IS NULL AND carried = FALSE THEN 1 ELSE 0 END)) OVER (
            PARTITION BY agency_id, dimension
        ) AS not_carried
    FROM told_of
    GROUP BY 1, 2, 3
)

SELECT
    agency_id,
    dimension,
    value,
    asked,
    answered,
    CASE WHEN answered <= asked AND not_carried = 0 THEN round(1e2 * answered / nullif(asked, 0), 1) END AS percent,
    CASE
        WHEN answered <= asked AND not_carried = 0
            THEN round(1e2 * wilson_interval_lower(least(answered, asked), nullif(asked, 0), 1.959963984540054e0), 1)
    END AS low,
    CASE
        WHEN answered <= asked AND not_carried = 0
            THEN round(1e2 * wilson_interval_upper(least(answered, asked), nullif(asked, 0), 1.959963984540054e0), 1)
    END AS high
FROM grouped
ORDER BY agency_id, dimension, value
