-- Which notifications went, or may have, so that the person was told?
SELECT
    dt,
    id,
    agency_id,
    incident_id,
    incident_number,
    kind,
    ordinal,
    channel,
    language,
    arm,
    provider,
    state,
    segments,
    cost,
    settings_version,
    template_version,
    planned_for,
    planned_on,
    planned_hour,
    sent_at,
    sent_on,
    wait_seconds
FROM notifications
WHERE state IN ('sent', 'delivered', 'unknown') AND sent_at IS NOT NULL
