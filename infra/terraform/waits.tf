# What has to take effect before the next step. Google offers nothing to wait for, so these are times. They pass in parallel with
# other work, at the first apply and when what they wait for changes.

# A service rejects calls for up to a minute after its API is enabled.
resource "time_sleep" "apis" {
  create_duration = "60s"
  triggers        = { apis = join(",", sort(keys(google_project_service.api))) }
}

# Pub/Sub creates its service agent on first use, and a grant to an account that is not known yet is rejected.
resource "time_sleep" "pubsub_agent" {
  create_duration = "60s"
  triggers        = { topic = google_pubsub_topic.notifications.id }
}

# A build or a function fails if it starts before the rights of its account take effect, which takes about a minute.
# https://cloud.google.com/iam/docs/access-change-propagation
resource "time_sleep" "grants" {
  create_duration = "60s"
  triggers = {
    build   = google_service_account.build.unique_id
    receive = google_service_account.receive.unique_id
    sync    = google_service_account.sync.unique_id
    renew   = google_service_account.renew.unique_id
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_kms_crypto_key_iam_member.decrypt,
    google_project_iam_member.build,
    google_project_iam_member.renew_uses_firestore,
    google_project_iam_member.sync_uses_firestore,
    google_pubsub_topic_iam_member.receive_publishes_notifications,
    google_pubsub_topic_iam_member.renew_publishes_notifications,
    google_pubsub_topic_iam_member.sync_publishes,
    google_secret_manager_secret_iam_member.receive_reads_keys,
    google_secret_manager_secret_iam_member.renew_reads_keys,
  ]
}

# Cloud Monitoring rejects alerts on a new log-based metric (404) for up to ten minutes.
# https://github.com/hashicorp/terraform-provider-google/issues/11102
resource "time_sleep" "metrics" {
  create_duration = "600s"
  triggers        = { metrics = join(",", sort([for metric in google_logging_metric.measure : metric.name])) }
}
