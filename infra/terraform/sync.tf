# sync: runs one incremental sync for each notification that Pub/Sub pushes.

resource "google_service_account" "sync" {
  project                      = var.project_id
  account_id                   = "calendar-sync"
  display_name                 = "calendar-mirror: sync"
  create_ignore_already_exists = true
  depends_on                   = [time_sleep.apis]
}

resource "google_project_iam_member" "sync_uses_firestore" {
  project = var.project_id
  role    = "roles/datastore.user"
  member  = google_service_account.sync.member

  condition {
    title      = "calendar-mirror"
    expression = "resource.name == \"projects/${var.project_id}/databases/${local.firestore_database}\""
  }
}

resource "google_pubsub_topic_iam_member" "sync_publishes" {
  for_each = {
    notifications = google_pubsub_topic.notifications.name
    changes       = google_pubsub_topic.changes.name
    clock         = google_pubsub_topic.clock.name
    dead_letters  = google_pubsub_topic.dead_letters.name
  }

  project = var.project_id
  topic   = each.value
  role    = "roles/pubsub.publisher"
  member  = google_service_account.sync.member
}

locals {
  sync = {
    description = "Syncs one watch into Firestore and publishes its changes."
    account     = google_service_account.sync.email
    secrets     = []
    # Syncs wait for Google most of the time. Each holds a page in memory: functions/sync/create.ts bounds their number.
    concurrency = 8
    environment = merge(local.store_environment, {
      NOTIFICATIONS_TOPIC = google_pubsub_topic.notifications.name
      CHANGES_TOPIC       = google_pubsub_topic.changes.name
      CLOCK_TOPIC         = google_pubsub_topic.clock.name
      DEAD_LETTERS_TOPIC  = google_pubsub_topic.dead_letters.name
      }, { for name, seconds in {
        MIN_SYNC_INTERVAL_SECONDS = var.pace.min_sync_interval_seconds
        SYNC_DEADLINE_SECONDS     = var.pace.sync_deadline_seconds
        RECONCILE_SECONDS         = var.pace.reconcile_seconds
    } : name => tostring(seconds) if seconds != null })
  }
}

resource "google_service_account" "push" {
  project                      = var.project_id
  account_id                   = "calendar-push"
  display_name                 = "calendar-mirror: Pub/Sub calls sync"
  create_ignore_already_exists = true
  depends_on                   = [time_sleep.apis]
}

resource "google_cloud_run_v2_service_iam_member" "push_calls_sync" {
  project  = var.project_id
  location = google_cloudfunctions2_function.private["sync"].location
  name     = google_cloudfunctions2_function.private["sync"].name
  role     = "roles/run.invoker"
  member   = google_service_account.push.member

  lifecycle {
    # A replaced function has lost its grants.
    replace_triggered_by = [google_cloudfunctions2_function.private["sync"].id]
  }
}

resource "google_pubsub_subscription" "sync" {
  project                    = var.project_id
  name                       = "calendar-sync"
  topic                      = google_pubsub_topic.notifications.id
  enable_message_ordering    = true
  ack_deadline_seconds       = 600
  message_retention_duration = local.week
  labels                     = var.labels

  push_config {
    # The path names the topic: functions-framework derives the CloudEvent's source from it.
    push_endpoint = "${google_cloudfunctions2_function.private["sync"].service_config[0].uri}/${google_pubsub_topic.notifications.id}"
    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = google_cloudfunctions2_function.private["sync"].service_config[0].uri
    }
  }

  # A push that is rejected because no instance is free counts as an attempt, so a flood needs many of them. A hundred last about fifteen
  # hours. During an outage of Firestore, sync republishes notifications older than one hour.
  retry_policy {
    minimum_backoff = "1s"
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
    google_cloud_run_v2_service_iam_member.push_calls_sync,
    google_pubsub_topic_iam_member.agent_publishes_dead_letters,
  ]
}

# Pub/Sub acknowledges a message here when it forwards it to the dead-letter topic.
# https://cloud.google.com/pubsub/docs/handling-failures
resource "google_pubsub_subscription_iam_member" "agent_acknowledges" {
  project      = var.project_id
  subscription = google_pubsub_subscription.sync.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
