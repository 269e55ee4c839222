# Optional: a subscription that writes every change to a BigQuery table (infra/examples/history-in-bigquery).

resource "google_bigquery_table_iam_member" "agent_writes_history" {
  count = var.bigquery_table == null ? 0 : 1

  project    = var.project_id
  dataset_id = var.bigquery_table.dataset
  table_id   = var.bigquery_table.table
  role       = "roles/bigquery.dataEditor"
  member     = local.pubsub_agent

  depends_on = [time_sleep.pubsub_agent]
}

resource "google_pubsub_subscription" "history" {
  count = var.bigquery_table == null ? 0 : 1

  project                    = var.project_id
  name                       = "calendar-history"
  topic                      = google_pubsub_topic.changes.id
  ack_deadline_seconds       = 60
  message_retention_duration = local.week
  labels                     = var.labels

  bigquery_config {
    table          = "${var.project_id}.${var.bigquery_table.dataset}.${var.bigquery_table.table}"
    write_metadata = true
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 100
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [
    google_bigquery_table_iam_member.agent_writes_history,
    google_pubsub_topic_iam_member.agent_publishes_dead_letters,
  ]
}

resource "google_pubsub_subscription_iam_member" "agent_acknowledges_history" {
  count = var.bigquery_table == null ? 0 : 1

  project      = var.project_id
  subscription = google_pubsub_subscription.history[0].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
