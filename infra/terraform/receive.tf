# receive: the public webhook. Its account may publish to one topic and read one secret.

resource "google_service_account" "receive" {
  project                      = var.project_id
  account_id                   = "calendar-receive"
  display_name                 = "calendar-mirror: receive"
  create_ignore_already_exists = true
  depends_on                   = [time_sleep.apis]
}

resource "google_pubsub_topic_iam_member" "receive_publishes_notifications" {
  project = var.project_id
  topic   = google_pubsub_topic.notifications.name
  role    = "roles/pubsub.publisher"
  member  = google_service_account.receive.member
}

resource "google_secret_manager_secret_iam_member" "receive_reads_keys" {
  project   = var.project_id
  secret_id = google_secret_manager_secret.channel_token_keys.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.receive.member
}

resource "google_cloudfunctions2_function" "receive" {
  project      = var.project_id
  location     = var.region
  name         = "calendar-receive"
  description  = "Receives notifications from Google Calendar and publishes them."
  kms_key_name = var.kms_key_name
  labels       = var.labels

  build_config {
    runtime           = local.runtime
    entry_point       = "receive"
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id
    source {
      storage_source {
        bucket     = google_storage_bucket.source.name
        object     = google_storage_bucket_object.source["receive"].name
        generation = google_storage_bucket_object.source["receive"].generation
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.receive.email
    available_cpu                    = "1"
    available_memory                 = "256Mi"
    max_instance_request_concurrency = 80
    timeout_seconds                  = 10
    min_instance_count               = lookup(var.min_instances, "receive", 0)
    max_instance_count               = var.max_instances.receive
    ingress_settings                 = var.receive_ingress

    environment_variables = {
      GOOGLE_CLOUD_PROJECT = var.project_id
      NOTIFICATIONS_TOPIC  = google_pubsub_topic.notifications.name
      PUBSUB_ENDPOINT      = local.pubsub_endpoint
    }

    secret_environment_variables {
      key        = "CHANNEL_TOKEN_KEYS"
      project_id = var.project_id
      secret     = google_secret_manager_secret.channel_token_keys.secret_id
      version    = local.channel_token_keys.version
    }
  }

  depends_on = [time_sleep.grants]
}

# Public, because Google Calendar sends no credentials. receive verifies the channel token instead.
resource "google_cloud_run_v2_service_iam_member" "everybody_calls_receive" {
  count = var.public_access == "invoker" ? 1 : 0

  project  = var.project_id
  location = google_cloudfunctions2_function.receive.location
  name     = google_cloudfunctions2_function.receive.name
  role     = "roles/run.invoker"
  member   = "allUsers"

  lifecycle {
    # A replaced function has lost its grants.
    replace_triggered_by = [google_cloudfunctions2_function.receive.id]
  }
}

# google_cloudfunctions2_function has no field for this setting, and each deployment may reset it.
# https://cloud.google.com/run/docs/authenticating/public#invoker_check
resource "terraform_data" "receive_without_check" {
  count = var.public_access == "check-disabled" ? 1 : 0

  input = google_cloudfunctions2_function.receive.name

  lifecycle {
    # Any change deploys the function: code, variables, the key, labels, ingress, instances.
    replace_triggered_by = [google_cloudfunctions2_function.receive]
  }

  provisioner "local-exec" {
    command = "gcloud run services update ${self.input} --project=${var.project_id} --region=${var.region} --no-invoker-iam-check"
  }
}

locals {
  # The function's own url, written out: an unknown value among the environment variables of renew makes the provider's plan
  # inconsistent when receive is replaced. https://cloud.google.com/run/docs/functions/call-urls
  channel_address = coalesce(var.channel_address, "https://${var.region}-${var.project_id}.cloudfunctions.net/calendar-receive")
}

# Anyone can send requests that receive rejects, and each entry in the log costs more than its request. receive logs samples with counts
# itself, and Cloud Run counts requests by status in any case. The exclusion is one of the sink _Default.
# https://cloud.google.com/logging/docs/routing/overview#exclusions
resource "google_logging_project_exclusion" "rejected_requests" {
  project     = var.project_id
  name        = "calendar-receive-rejected"
  description = "Requests that the function receive of calendar-mirror rejects."
  filter      = "log_id(\"run.googleapis.com/requests\") AND resource.labels.service_name=\"calendar-receive\" AND httpRequest.status>=400 AND httpRequest.status<500"
  depends_on  = [time_sleep.apis]
}
