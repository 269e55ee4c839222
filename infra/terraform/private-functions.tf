# The functions that only this project's services call. What only one of them needs is in sync.tf or renew.tf.

resource "google_cloudfunctions2_function" "private" {
  for_each = { sync = local.sync, renew = local.renew }

  project      = var.project_id
  location     = var.region
  name         = "calendar-${each.key}"
  description  = each.value.description
  kms_key_name = var.kms_key_name
  labels       = var.labels

  build_config {
    runtime           = local.runtime
    entry_point       = each.key
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id
    source {
      storage_source {
        bucket     = google_storage_bucket.source.name
        object     = google_storage_bucket_object.source[each.key].name
        generation = google_storage_bucket_object.source[each.key].generation
      }
    }
  }

  service_config {
    service_account_email            = each.value.account
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    max_instance_request_concurrency = each.value.concurrency
    timeout_seconds                  = 120
    min_instance_count               = lookup(var.min_instances, each.key, 0)
    max_instance_count               = var.max_instances[each.key]
    ingress_settings                 = var.private_ingress
    environment_variables            = each.value.environment

    dynamic "secret_environment_variables" {
      for_each = each.value.secrets
      content {
        key        = secret_environment_variables.value
        project_id = var.project_id
        secret     = google_secret_manager_secret.channel_token_keys.secret_id
        version    = local.channel_token_keys.version
      }
    }
  }

  # receive knows a new key before renew signs with it.
  depends_on = [time_sleep.grants, google_cloudfunctions2_function.receive]
}

moved {
  from = google_cloudfunctions2_function.sync
  to   = google_cloudfunctions2_function.private["sync"]
}

moved {
  from = google_cloudfunctions2_function.renew
  to   = google_cloudfunctions2_function.private["renew"]
}
