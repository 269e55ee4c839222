-- Every change once, and until when the item stayed in the state that the change left. Delivery is at least once and unordered: the
-- sequence identifies a change within its watch, and orders the changes of an item.
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
      -- An array, such as ['moved', 'renamed'].
      JSON_VALUE_ARRAY(data, '$.kinds') AS kinds,
      JSON_QUERY(data, '$.before') AS item_before,
      JSON_QUERY(data, '$.after') AS item_after,
      TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS occurred_at,
      publish_time
    FROM `calendar.changes`
    -- Messages about watches and the ends of replays have no item.
    WHERE JSON_VALUE(data, '$.itemId') IS NOT NULL
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
  kinds,
  item_before,
  item_after,
  occurred_at,
  -- When and by which change the state was replaced; null for the latest change.
  LEAD(occurred_at) OVER (PARTITION BY watch, item ORDER BY sequence) AS replaced_at,
  LEAD(sequence) OVER (PARTITION BY watch, item ORDER BY sequence) AS replaced_by
FROM numbered
WHERE delivery = 1;
