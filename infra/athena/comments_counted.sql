-- How many comments were written in each month, how many has somebody read, and how many were released?
SELECT
    comments.agency_id,
    substr(comments.asked_on, 1, 7) AS month,
    count(*) AS written,
    count(decided.state) AS read,
    count(CASE WHEN decided.state = 'released' THEN 1 END) AS released
FROM comments
LEFT JOIN (
    SELECT
        agency_id,
        id,
        words,
        state
    FROM releases
    WHERE dt BETWEEN '2025-12-25' AND '2027-01-07'
) AS decided
    ON
        comments.agency_id = decided.agency_id
        AND comments.id = decided.id
        AND comments.words = decided.words
WHERE
    comments.comment <> ''
    AND comments.asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND comments.dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY comments.agency_id, substr(comments.asked_on, 1, 7)
ORDER BY comments.agency_id, month
