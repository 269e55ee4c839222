-- The latest state of each watch, from the messages calendar.watch.<state> and calendar.watch.synced.
CREATE OR REPLACE VIEW `calendar.watches` AS
WITH
  deliveries AS (
    SELECT
      JSON_VALUE(data, '$.watchId') AS watch,
      JSON_VALUE(data, '$.user') AS user,
      JSON_VALUE(data, '$.resource') AS resource,
      JSON_VALUE(data, '$.calendarId') AS calendar,
      JSON_VALUE(data, '$.state') AS state,
      JSON_VALUE(data, '$.reason') AS reason,
      CAST(JSON_VALUE(data, '$.sequence') AS INT64) AS sequence,
      TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS occurred_at
    FROM `calendar.changes`
    WHERE JSON_VALUE(data, '$.state') IS NOT NULL
  ),
  numbered AS (
    SELECT
      *,
      ROW_NUMBER() OVER (PARTITION BY watch ORDER BY occurred_at DESC, sequence DESC) AS place
    FROM deliveries
  )
SELECT
  watch,
  user,
  resource,
  calendar,
  state,
  reason,
  sequence,
  occurred_at
FROM numbered
WHERE place = 1;
