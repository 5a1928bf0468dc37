-- Who gave how many favorable marks: by question, type, hour, beat, shift and language together, and by way of asking?
SELECT
    agency_id,
    question,
    question_version,
    CASE WHEN asked_by = 'card' THEN 'card' ELSE 'message' END AS asked_by,
    incident_type AS type,
    CASE
        WHEN hour < 6 THEN '00-05'
        WHEN hour < 12 THEN '06-11'
        WHEN hour < 18 THEN '12-17'
        WHEN hour < 24 THEN '18-23'
    END AS hour,
    beat,
    shift,
    language,
    count(*) AS answers,
    sum(favourable) AS favourable
FROM marks
WHERE
    asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
