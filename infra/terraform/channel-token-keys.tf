# The key that signs channel tokens. Generated here and stored in Secret Manager only: neither the state nor a plan contains it.

resource "google_secret_manager_secret" "channel_token_keys" {
  project             = var.project_id
  secret_id           = "channel-token-keys"
  deletion_protection = false
  labels              = var.labels

  replication {
    dynamic "auto" {
      for_each = var.kms_key_name == null ? [1] : []
      content {}
    }
    dynamic "user_managed" {
      for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
      content {
        replicas {
          location = var.region
          customer_managed_encryption {
            kms_key_name = user_managed.value
          }
        }
      }
    }
  }

  depends_on = [google_project_service.api]
}

# 44 letters and digits are valid base64 of 33 bytes, with 262 bits of entropy. Generated at each run, stored only with a new version.
ephemeral "random_password" "channel_token_key" {
  length  = 44
  special = false
}

resource "google_secret_manager_secret_version" "channel_token_keys" {
  for_each = toset([for version in var.channel_token_key_versions : tostring(version)])

  secret                 = google_secret_manager_secret.channel_token_keys.id
  secret_data_wo_version = tonumber(each.key)
  # The first key signs; every key verifies.
  secret_data_wo = join(",", compact([
    "k${each.key}:${ephemeral.random_password.channel_token_key.result}",
    var.previous_channel_token_keys == null ? "" : split(",", var.previous_channel_token_keys)[0],
  ]))
}

locals {
  channel_token_keys = google_secret_manager_secret_version.channel_token_keys[tostring(max(var.channel_token_key_versions...))]
}
