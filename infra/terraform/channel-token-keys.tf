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

  depends_on = [time_sleep.apis]
}

# 44 letters and digits are valid base64 of 33 bytes, with 262 bits of entropy. Generated at each run, stored only with a new version.
ephemeral "random_password" "channel_token_key" {
  length  = 44
  special = false
}

locals {
  newest_key = max(var.channel_token_key_versions...)
}

# During a rotation: the secret as it is, whose first key the new version keeps.
ephemeral "google_secret_manager_secret_version" "previous" {
  count = length(var.channel_token_key_versions) == 1 ? 0 : 1

  secret = google_secret_manager_secret.channel_token_keys.id
}

locals {
  # The functions do not start with a key of less than 32 bytes (43 characters): it is left out.
  previous_keys = [
    for previous in ephemeral.google_secret_manager_secret_version.previous : split(",", previous.secret_data)[0]
    if length(regexall("^[\\w-]{1,32}:[\\w+/-]{43,}={0,2}(,|$)", previous.secret_data)) > 0
  ]
}

resource "google_secret_manager_secret_version" "channel_token_keys" {
  for_each = toset([for version in var.channel_token_key_versions : tostring(version)])

  secret                 = google_secret_manager_secret.channel_token_keys.id
  secret_data_wo_version = tonumber(each.key)
  # The first key signs; every key verifies.
  secret_data_wo = join(",", concat(["k${each.key}:${ephemeral.random_password.channel_token_key.result}"], local.previous_keys))

  lifecycle {
    # A version is destroyed after the functions use the next one.
    create_before_destroy = true
  }
}

# The newest version, to refuse a plan that takes it away or skips the step in which both keys are accepted.
ephemeral "google_secret_manager_secret_version" "newest" {
  secret = google_secret_manager_secret_version.channel_token_keys[tostring(local.newest_key)].secret

  lifecycle {
    postcondition {
      condition = alltrue([
        for key in regexall("^k([0-9]+):", self.secret_data) :
        tonumber(key[0]) == local.newest_key || (tonumber(key[0]) < local.newest_key && contains(var.channel_token_key_versions, tonumber(key[0])))
      ])
      error_message = "channel_token_key_versions must have the version that is in use, or it and the next one: every open channel would be rejected. See infra/terraform/README.md, Rotating the key."
    }
  }
}

locals {
  channel_token_keys = google_secret_manager_secret_version.channel_token_keys[tostring(local.newest_key)]
}
