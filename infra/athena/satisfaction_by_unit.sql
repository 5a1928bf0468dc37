-- How satisfied are people, by question and by the unit that came?
SELECT
    agency_id,
    unit,
    question,
    question_version,
    count(*) AS answers,
    sum(favourable) AS favourable,
    round(avg(CAST(mark AS double)), 2) AS mean_mark,
    round(1e2 * sum(favourable) / count(*), 1) AS percent_favourable,
    round(1e2 * wilson_interval_lower(sum(favourable), count(*), 1.959963984540054e0), 1) AS low,
    round(1e2 * wilson_interval_upper(sum(favourable), count(*), 1.959963984540054e0), 1) AS high
FROM marks
WHERE
    asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, unit, question, question_version
ORDER BY agency_id, unit, question, question_version
