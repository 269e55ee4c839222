-- Every change once, and how long the item stayed as the change left it. Delivery is at least once and in no order: a watch's
-- sequence tells deliveries of one change from each other's, and an item's changes what came after what.
CREATE OR REPLACE VIEW `calendar.history` AS
WITH
  deliveries AS (
    SELECT
      JSON_VALUE(data, '$.watchId') AS watch,
      CAST(JSON_VALUE(data, '$.sequence') AS INT64) AS sequence,
      JSON_VALUE(data, '$.user') AS user,
      JSON_VALUE(data, '$.resource') AS resource,
      JSON_VALUE(data, '$.calendarId') AS calendar,
      JSON_VALUE(data, '$.itemId') AS item,
      JSON_VALUE(data, '$.change') AS change,
      JSON_QUERY(data, '$.before') AS item_before,
      JSON_QUERY(data, '$.after') AS item_after,
      TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS occurred_at,
      publish_time
    FROM `calendar.changes`
  ),
  numbered AS (
    SELECT
      *,
      ROW_NUMBER() OVER (PARTITION BY watch, sequence ORDER BY publish_time) AS delivery
    FROM deliveries
  )
SELECT
  watch,
  sequence,
  user,
  resource,
  calendar,
  item,
  change,
  item_before,
  item_after,
  occurred_at,
  -- When the item's next change came; null as long as this is the latest.
  LEAD(occurred_at) OVER (PARTITION BY watch, item ORDER BY sequence) AS replaced_at,
  LEAD(sequence) OVER (PARTITION BY watch, item ORDER BY sequence) AS replaced_by
FROM numbered
WHERE delivery = 1;
