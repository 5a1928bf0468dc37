-- What did people write, of what has been read and released?
SELECT
    agency_id,
    asked_on,
    question,
    about,
    language,
    comment
FROM comments
WHERE
    state = 'released'
    AND comment <> ''
    AND asked_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
ORDER BY agency_id, asked_on DESC, id
