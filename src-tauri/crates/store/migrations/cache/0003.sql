-- `kind` no longer holds a FHIR resource type but the kind's own code (domain::region::RecordKind), so that a source
-- that speaks something else needs no FHIR words. A type that nothing here reads keeps its own word, as before.
-- A type that was delivered spelled as one of the codes is set apart first, so that it keeps a key of its own.

UPDATE resource SET kind = '?' || kind
 WHERE kind IN ('organization', 'place', 'service', 'stop', 'observation', 'report', 'contact', 'note', 'calendar', 'slot');
UPDATE resource SET kind = CASE kind
  WHEN 'Organization' THEN 'organization'
  WHEN 'Location' THEN 'place'
  WHEN 'HealthcareService' THEN 'service'
  WHEN 'Flag' THEN 'stop'
  WHEN 'Observation' THEN 'observation'
  WHEN 'MeasureReport' THEN 'report'
  WHEN 'PractitionerRole' THEN 'contact'
  WHEN 'Basic' THEN 'note'
  WHEN 'Schedule' THEN 'calendar'
  WHEN 'Slot' THEN 'slot'
END
 WHERE kind IN ('Organization', 'Location', 'HealthcareService', 'Flag', 'Observation', 'MeasureReport', 'PractitionerRole', 'Basic', 'Schedule', 'Slot');

UPDATE fact SET kind = '?' || kind
 WHERE kind IN ('organization', 'place', 'service', 'stop', 'observation', 'report', 'contact', 'note', 'calendar', 'slot');
UPDATE fact SET kind = CASE kind
  WHEN 'Organization' THEN 'organization'
  WHEN 'Location' THEN 'place'
  WHEN 'HealthcareService' THEN 'service'
  WHEN 'Flag' THEN 'stop'
  WHEN 'Observation' THEN 'observation'
  WHEN 'MeasureReport' THEN 'report'
  WHEN 'PractitionerRole' THEN 'contact'
  WHEN 'Basic' THEN 'note'
  WHEN 'Schedule' THEN 'calendar'
  WHEN 'Slot' THEN 'slot'
END
 WHERE kind IN ('Organization', 'Location', 'HealthcareService', 'Flag', 'Observation', 'MeasureReport', 'PractitionerRole', 'Basic', 'Schedule', 'Slot');
