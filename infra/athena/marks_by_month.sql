-- How many people gave which mark from 1 to 5, by month and question?
SELECT
    agency_id,
    month,
    question,
    question_version,
    about,
    mark,
    count(*) AS answers
FROM marks
WHERE
    asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, month, question, question_version, about, mark
ORDER BY agency_id, month, question, question_version, about, mark
