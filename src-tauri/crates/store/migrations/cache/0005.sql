-- A heartbeat differs at every delivery, also where nothing else does. Beside the body it costs some thirty bytes, and the
-- body of a report is stored once for as long as its counts stay. Both time axes stay: a past moment has the heartbeat
-- that was known then.
ALTER TABLE fact ADD COLUMN heartbeat INTEGER; -- of a report, microseconds since 1970; NULL: in the body, or none
