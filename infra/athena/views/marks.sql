-- Which mark from 1 to 5 did each person give to each question, and in which month and quarter were they asked?
SELECT
    dt,
    agency_id,
    respondent,
    question,
    question_version,
    about,
    mark,
    CASE WHEN mark >= 4 THEN 1 ELSE 0 END AS favourable,
    asked_on,
    substr(asked_on, 1, 7) AS month,
    concat(
        substr(asked_on, 1, 4),
        CASE
            WHEN substr(asked_on, 6, 2) <= '03' THEN 'Q1'
            WHEN substr(asked_on, 6, 2) <= '06' THEN 'Q2'
            WHEN substr(asked_on, 6, 2) <= '09' THEN 'Q3'
            ELSE 'Q4'
        END
    ) AS quarter,
    incident_type,
    beat,
    shift,
    unit,
    hour,
    asked_by,
    door,
    arm,
    language,
    answered_at
FROM survey_answers
WHERE mark IS NOT NULL
