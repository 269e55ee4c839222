-- The table of a BigQuery subscription to calendar-changes with --write-metadata, which writes a row for each delivery of a message.
-- `data` is a STRING: type JSON would reject messages with numbers that it cannot represent.
-- https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
CREATE TABLE IF NOT EXISTS `calendar.changes` (
  subscription_name STRING,
  message_id STRING,
  publish_time TIMESTAMP,
  attributes STRING,
  data STRING
)
PARTITION BY DATE(publish_time);
