-- How satisfied are people with how the police responded, by month and question? A question whose words were changed is
-- another one: its answers are counted apart.
SELECT
    agency_id,
    substr(dt, 1, 7) AS month,
    question,
    count(*) AS answers,
    round(avg(mark), 2) AS mean_mark,
    round(100.0 * count(*) FILTER (WHERE mark >= 4) / nullif(count(*), 0), 1) AS percent_favourable
FROM survey_answers
WHERE mark IS NOT NULL
GROUP BY agency_id, substr(dt, 1, 7), question, question_version
ORDER BY agency_id, month, question, question_version
