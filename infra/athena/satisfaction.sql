-- How satisfied are people with how the police responded, by month, question and, while an experiment is on, by what chance
-- gave them? A question whose words were changed is another one: its answers are counted apart.
WITH marks AS (
    SELECT
        agency_id,
        substr(dt, 1, 7) AS month,
        question,
        question_version,
        mark,
        concat_ws(
            ' ',
            nullif(experiment, ''),
            'door=' || arm_door,
            'wording=' || arm_wording,
            'hour=' || CAST(arm_hour AS varchar)
        ) AS arm
    FROM survey_answers
    WHERE mark IS NOT NULL
)
SELECT
    agency_id,
    month,
    question,
    arm,
    count(*) AS answers,
    round(avg(mark), 2) AS mean_mark,
    round(100.0 * count(*) FILTER (WHERE mark >= 4) / nullif(count(*), 0), 1) AS percent_favourable
FROM marks
GROUP BY agency_id, month, question, question_version, arm
ORDER BY agency_id, month, question, question_version, arm
