-- Why were messages not sent: how many incidents and decisions, by kind, reason and the moment of deciding?
SELECT
    agency_id,
    kind,
    decided,
    reason,
    count(DISTINCT incident_id) AS incidents,
    count(*) AS decisions
FROM not_sent
WHERE
    decided_for BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, kind, decided, reason
ORDER BY agency_id, kind, decided, incidents DESC, reason
