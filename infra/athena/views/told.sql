-- Which notifications were sent, or may have been, so that the person counts as told?
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
