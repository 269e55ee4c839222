# renew: makes what Google has agree with what Firestore says should be watched, once a minute.

resource "google_service_account" "renew" {
  project      = var.project_id
  account_id   = "calendar-renew"
  display_name = "calendar-mirror: renew"
  depends_on   = [google_project_service.api]
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

resource "google_cloudfunctions2_function" "renew" {
  project      = var.project_id
  location     = var.region
  name         = "calendar-renew"
  description  = "Opens, renews and stops channels, and polls what has been silent for too long."
  kms_key_name = var.kms_key_name
  labels       = var.labels

  build_config {
    runtime           = local.runtime
    entry_point       = "renew"
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id
    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source["renew"].name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.renew.email
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    max_instance_request_concurrency = 1
    timeout_seconds                  = 120
    min_instance_count               = lookup(var.min_instances, "renew", 0)
    max_instance_count               = var.max_instances.renew
    ingress_settings                 = var.private_ingress

    environment_variables = merge(local.store_environment, {
      NOTIFICATIONS_TOPIC = google_pubsub_topic.notifications.name
      # By way of receive's own URL, so that a new key is known there before it signs anything here.
      CHANNEL_ADDRESS = local.channel_address
      }, { for name, seconds in {
        CHANNEL_TTL_SECONDS   = var.pace.channel_ttl_seconds
        RENEW_BEFORE_SECONDS  = var.pace.renew_before_seconds
        MAX_STALENESS_SECONDS = var.pace.max_staleness_seconds
        POLL_SECONDS          = var.pace.poll_seconds
    } : name => tostring(seconds) if seconds != null })

    secret_environment_variables {
      key        = "CHANNEL_TOKEN_KEYS"
      project_id = var.project_id
      secret     = google_secret_manager_secret.channel_token_keys.secret_id
      version    = local.channel_token_keys.version
    }
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_project_iam_member.build,
    google_project_iam_member.renew_uses_firestore,
    google_pubsub_topic_iam_member.renew_publishes_notifications,
    google_secret_manager_secret_iam_member.renew_reads_keys,
  ]
}

resource "google_service_account" "scheduler" {
  project      = var.project_id
  account_id   = "calendar-scheduler"
  display_name = "calendar-mirror: Cloud Scheduler calls renew"
  depends_on   = [google_project_service.api]
}

resource "google_cloud_run_v2_service_iam_member" "scheduler_calls_renew" {
  project  = var.project_id
  location = google_cloudfunctions2_function.renew.location
  name     = google_cloudfunctions2_function.renew.name
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
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
    uri         = google_cloudfunctions2_function.renew.service_config[0].uri
    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = google_cloudfunctions2_function.renew.service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.scheduler_calls_renew]
}
