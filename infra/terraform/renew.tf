# renew: reconciles the channels at Google with the watches in Firestore, once a minute.

resource "google_service_account" "renew" {
  project                      = var.project_id
  account_id                   = "calendar-renew"
  display_name                 = "calendar-mirror: renew"
  create_ignore_already_exists = true
  depends_on                   = [time_sleep.apis]
}

resource "google_project_iam_member" "renew_uses_firestore" {
  project = var.project_id
  role    = "roles/datastore.user"
  member  = google_service_account.renew.member

  condition {
    title      = "calendar-mirror"
    expression = "resource.name == \"projects/${var.project_id}/databases/${local.firestore_database}\""
  }
}

resource "google_pubsub_topic_iam_member" "renew_publishes_notifications" {
  project = var.project_id
  topic   = google_pubsub_topic.notifications.name
  role    = "roles/pubsub.publisher"
  member  = google_service_account.renew.member
}

resource "google_secret_manager_secret_iam_member" "renew_reads_keys" {
  project   = var.project_id
  secret_id = google_secret_manager_secret.channel_token_keys.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.renew.member
}

locals {
  renew = {
    description = "Creates, renews and stops channels, and polls watches that were not synced for too long."
    account     = google_service_account.renew.email
    secrets     = ["CHANNEL_TOKEN_KEYS"]
    concurrency = 1
    environment = merge(local.store_environment, {
      NOTIFICATIONS_TOPIC = google_pubsub_topic.notifications.name
      CHANNEL_ADDRESS     = local.channel_address
      }, { for name, seconds in {
        CHANNEL_TTL_SECONDS   = var.pace.channel_ttl_seconds
        RENEW_BEFORE_SECONDS  = var.pace.renew_before_seconds
        MAX_STALENESS_SECONDS = var.pace.max_staleness_seconds
        POLL_SECONDS          = var.pace.poll_seconds
        RECONCILE_SECONDS     = var.pace.reconcile_seconds
    } : name => tostring(seconds) if seconds != null })
  }
}

resource "google_service_account" "scheduler" {
  project                      = var.project_id
  account_id                   = "calendar-scheduler"
  display_name                 = "calendar-mirror: Cloud Scheduler calls renew"
  create_ignore_already_exists = true
  depends_on                   = [time_sleep.apis]
}

resource "google_cloud_scheduler_job" "renew" {
  project          = var.project_id
  region           = var.region
  name             = "calendar-renew"
  description      = "Calls renew once a minute."
  schedule         = "* * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "120s"

  retry_config {
    retry_count          = 3
    min_backoff_duration = "5s"
    max_backoff_duration = "30s"
  }

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.private["renew"].service_config[0].uri
    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = google_cloudfunctions2_function.private["renew"].service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.scheduler_calls_renew]
}

resource "google_cloud_run_v2_service_iam_member" "scheduler_calls_renew" {
  project  = var.project_id
  location = google_cloudfunctions2_function.private["renew"].location
  name     = google_cloudfunctions2_function.private["renew"].name
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member

  lifecycle {
    # A replaced function has lost its grants.
    replace_triggered_by = [google_cloudfunctions2_function.private["renew"].id]
  }
}
