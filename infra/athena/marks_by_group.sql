-- How satisfied are people, by question and one of: month, type, beat, shift, unit, hour, door, language, arm?
WITH given AS (
    SELECT
        marks.agency_id,
        marks.question,
        marks.question_version,
        dimensions.dimension,
        CASE dimensions.dimension
            WHEN 'month' THEN marks.month
            WHEN 'type' THEN marks.incident_type
            WHEN 'beat' THEN marks.beat
            WHEN 'shift' THEN marks.shift
            WHEN 'unit' THEN marks.unit
            WHEN 'door' THEN marks.door
            WHEN 'language' THEN marks.language
            WHEN 'arm' THEN marks.arm
            WHEN 'hour' THEN
                CASE
                    WHEN marks.hour < 6 THEN '00-05'
                    WHEN marks.hour < 12 THEN '06-11'
                    WHEN marks.hour < 18 THEN '12-17'
                    WHEN marks.hour < 24 THEN '18-23'
                END
        END AS fact,
        marks.mark,
        marks.favourable
    FROM marks
    CROSS JOIN (
        VALUES
        ('month'), ('type'), ('beat'), ('shift'), ('unit'), ('hour'), ('door'), ('language'), ('arm')
    ) AS dimensions (dimension)
    WHERE
        marks.asked_on BETWEEN '2026-01-01' AND '2026-12-31'
        AND marks.dt BETWEEN '2025-12-25' AND '2027-01-07'
)

SELECT
    agency_id,
    question,
    question_version,
    dimension,
    coalesce(fact, '(not told)') AS value,
    count(*) AS answers,
    sum(favourable) AS favourable,
    round(avg(CAST(mark AS double)), 2) AS mean_mark,
    round(1e2 * sum(favourable) / count(*), 1) AS percent_favourable,
    round(1e2 * wilson_interval_lower(sum(favourable), count(*), 1.959963984540054e0), 1) AS low,
    round(1e2 * wilson_interval_upper(sum(favourable), count(*), 1.959963984540054e0), 1) AS high
FROM given
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
