-- Which types of incident do the settings not list, how often, and since when?
SELECT
    agency_id,
    coalesce(incident_type, '(none)') AS incident_type,
    count(*) AS incidents,
    min(received_on) AS first_on,
    max(received_on) AS last_on
FROM incidents
WHERE
    no_acknowledgment IN ('type_unknown', 'type_not_allowed')
    AND received_on BETWEEN '2026-01-01' AND '2026-12-31'
    AND dt BETWEEN '2025-12-25' AND '2027-01-07'
GROUP BY agency_id, coalesce(incident_type, '(none)')
ORDER BY agency_id, incidents DESC, incident_type
