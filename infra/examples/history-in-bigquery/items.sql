-- The current state of each item that is not deleted.
CREATE OR REPLACE VIEW `calendar.items` AS
SELECT
  watch,
  sequence,
  user,
  resource,
  calendar,
  item,
  item_after AS state,
  occurred_at
FROM `calendar.history`
WHERE replaced_by IS NULL AND change <> 'deleted';
