-- What is there now: of each item the state that its latest change left, unless that deleted it.
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
