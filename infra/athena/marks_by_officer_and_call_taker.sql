-- How satisfied are people with the officer who came alone, and with the call taker, where answers may carry them?
SELECT
    agency_id,
    question,
    question_version,
    about AS dimension,
    coalesce(CASE WHEN about = 'officer' THEN officer ELSE call_taker_id END, '(not told)') AS value,
    count(*) AS answers,
    sum(CASE WHEN mark >= 4 THEN 1 ELSE 0 END) AS favourable
FROM survey_answers
WHERE
    mark IS NOT NULL
    AND about IN ('officer', 'call_taker')
    AND asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
