-- What did people write, among the comments that were read and released?
SELECT
    comments.agency_id,
    comments.asked_on,
    comments.question,
    comments.about,
    comments.language,
    CASE
        WHEN releases.mask <> '' THEN array_join(
            transform(
                sequence(1, length(comments.comment)),
                place -> CASE
                    WHEN substr(releases.mask, place, 1) = 'x' THEN '█'
                    ELSE substr(comments.comment, place, 1)
                END
            ),
            ''
        )
        ELSE comments.comment
    END AS comment,
    comments.id,
    comments.dt,
    comments.words
FROM comments
INNER JOIN releases
    ON
        comments.agency_id = releases.agency_id
        AND comments.id = releases.id
        AND comments.words = releases.words
WHERE
    (releases.state = 'released' OR releases.mask <> '')
    AND comments.comment <> ''
    AND comments.asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND comments.dt BETWEEN '2025-12-25' AND '2027-01-07'
    AND releases.dt BETWEEN '2025-12-25' AND '2027-01-07'
ORDER BY comments.agency_id, comments.asked_on DESC, comments.id
