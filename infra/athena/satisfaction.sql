-- How satisfied are people with how the police responded, by month and question?
SELECT
    agency_id,
    substr(dt, 1, 7) AS month,
    question,
    count(*) AS answers,
    round(avg(mark), 2) AS mean_mark,
    round(100.0 * count(*) FILTER (WHERE mark >= 4) / nullif(count(*), 0), 1) AS percent_favourable
FROM survey_answers
GROUP BY agency_id, substr(dt, 1, 7), question
ORDER BY agency_id, month, question
