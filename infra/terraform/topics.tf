# Topics for notifications, changes, moments and dead letters.

locals {
  week  = "604800s"
  month = "2678400s"

  # Messages are ordered only if they are published in one region: https://cloud.google.com/pubsub/docs/ordering#publishing
  pubsub_endpoint = "https://${var.region}-pubsub.googleapis.com"
}

resource "google_pubsub_topic" "notifications" {
  project                    = var.project_id
  name                       = "calendar-notifications"
  message_retention_duration = local.week
  kms_key_name               = var.kms_key_name
  labels                     = var.labels

  message_storage_policy {
    allowed_persistence_regions = [var.region]
    enforce_in_transit          = var.enforce_region_in_transit
  }

  depends_on = [time_sleep.apis]
}

# Not called calendar-changes, which an earlier version has: its fields are not those of all messages, and Pub/Sub rejects a revision without
# them. Terraform makes this schema first, then updates the topic, then the functions, and then deletes the other schema.
resource "google_pubsub_schema" "messages" {
  project    = var.project_id
  name       = "calendar-messages"
  type       = "AVRO"
  definition = file("${path.module}/../../functions/feed/schemas/calendar-messages.avsc")
  depends_on = [time_sleep.apis]
}

resource "google_pubsub_topic" "changes" {
  project                    = var.project_id
  name                       = "calendar-changes"
  message_retention_duration = local.week
  kms_key_name               = var.kms_key_name
  labels                     = var.labels

  message_storage_policy {
    allowed_persistence_regions = [var.region]
    enforce_in_transit          = var.enforce_region_in_transit
  }

  schema_settings {
    schema   = google_pubsub_schema.messages.id
    encoding = "JSON"
  }
}

resource "google_pubsub_schema" "moments" {
  project    = var.project_id
  name       = "calendar-moments"
  type       = "AVRO"
  definition = file("${path.module}/../../functions/feed/schemas/calendar-moments.avsc")
  depends_on = [time_sleep.apis]
}

resource "google_pubsub_topic" "clock" {
  project                    = var.project_id
  name                       = "calendar-clock"
  message_retention_duration = local.week
  kms_key_name               = var.kms_key_name
  labels                     = var.labels

  message_storage_policy {
    allowed_persistence_regions = [var.region]
    enforce_in_transit          = var.enforce_region_in_transit
  }

  schema_settings {
    schema   = google_pubsub_schema.moments.id
    encoding = "JSON"
  }
}

resource "google_pubsub_topic" "dead_letters" {
  project                    = var.project_id
  name                       = "calendar-dead-letters"
  message_retention_duration = local.month
  kms_key_name               = var.kms_key_name
  labels                     = var.labels

  message_storage_policy {
    allowed_persistence_regions = [var.region]
    enforce_in_transit          = var.enforce_region_in_transit
  }

  depends_on = [time_sleep.apis]
}

resource "google_pubsub_topic_iam_member" "agent_publishes_dead_letters" {
  project = var.project_id
  topic   = google_pubsub_topic.dead_letters.name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent

  depends_on = [time_sleep.pubsub_agent]
}

# Keeps dead letters for the operator (calendar-mirror dead-letters). Without a dead-letter policy of its own.
resource "google_pubsub_subscription" "dead_letters_reader" {
  project                    = var.project_id
  name                       = "calendar-dead-letters-reader"
  topic                      = google_pubsub_topic.dead_letters.id
  ack_deadline_seconds       = 60
  message_retention_duration = local.month
  labels                     = var.labels

  expiration_policy {
    ttl = ""
  }
}
