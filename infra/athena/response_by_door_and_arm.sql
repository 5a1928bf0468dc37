-- How many people who were asked answered, by the door that they took and by the arm of an experiment?
WITH asked AS (
    SELECT agency_id, arm, count(*) AS asked
    FROM told
    WHERE
        kind = 'survey'
        AND sent_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, arm
),

people AS (
    SELECT
        agency_id,
        arm,
        respondent,
        CASE WHEN count(DISTINCT door) > 1 OR max(door) LIKE '%,%' THEN 'both' ELSE max(door) END AS door
    FROM survey_answers
    WHERE
        coalesce(asked_by, '') <> 'card'
        AND asked_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND dt BETWEEN '2025-12-25' AND '2027-01-07'
    GROUP BY agency_id, arm, respondent
),

answered AS (
    SELECT agency_id, arm, door, count(*) AS answered
    FROM people
    GROUP BY agency_id, arm, door
    UNION ALL
    SELECT agency_id, arm, 'any' AS door, count(*) AS answered
    FROM people
    GROUP BY agency_id, arm
),

counted AS (
    SELECT
        asked.agency_id,
        asked.arm,
        coalesce(answered.door, 'any') AS door,
        asked.asked,
        coalesce(answered.answered, 0) AS answered
    FROM asked
    LEFT JOIN answered ON asked.agency_id = answered.agency_id AND asked.arm = answered.arm
)

SELECT
    agency_id,
    arm,
    door,
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
FROM counted
ORDER BY agency_id, arm, door
