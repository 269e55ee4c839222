-- What a BigQuery subscription to calendar-changes writes, with --write-metadata: a row for each delivery of a message. `data` is text,
-- so that no message is refused for a number that BigQuery's type JSON could not hold.
CREATE TABLE IF NOT EXISTS `calendar.changes` (
  subscription_name STRING,
  message_id STRING,
  publish_time TIMESTAMP,
  attributes STRING,
  data STRING
)
PARTITION BY DATE(publish_time);
