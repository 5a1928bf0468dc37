-- Which comments are not released: not read in their latest words, or held back?
SELECT
    comments.agency_id,
    comments.asked_on,
    comments.question,
    comments.about,
    comments.language,
    comments.comment,
    comments.id,
    comments.dt,
    comments.words,
    CASE WHEN decided.state IS NULL THEN 'new' ELSE decided.state END AS state
FROM comments
LEFT JOIN (
    SELECT
        agency_id,
        id,
        words,
        state,
        mask
    FROM releases
    WHERE dt BETWEEN '2025-12-25' AND '2027-01-07'
) AS decided
    ON
        comments.agency_id = decided.agency_id
        AND comments.id = decided.id
        AND comments.words = decided.words
WHERE
    (decided.state IS NULL OR (decided.state <> 'released' AND coalesce(decided.mask, '') = ''))
    AND comments.comment <> ''
    AND comments.asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND comments.dt BETWEEN '2025-12-25' AND '2027-01-07'
ORDER BY comments.agency_id, comments.asked_on DESC, comments.id
