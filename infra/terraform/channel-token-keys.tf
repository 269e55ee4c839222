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

resource "google_secret_manager_secret_version" "channel_token_keys" {
  for_each = toset([for version in var.channel_token_key_versions : tostring(version)])

  secret                 = google_secret_manager_secret.channel_token_keys.id
  secret_data_wo_version = tonumber(each.key)
  # The first key signs; every key verifies.
  secret_data_wo = join(",", concat(["k${each.key}:${local.new_key}"], local.previous_keys))

  lifecycle {
    # A version is destroyed after the functions use the next one.
    create_before_destroy = true
  }
}

locals {
  newest_key         = max(var.channel_token_key_versions...)
  channel_token_keys = google_secret_manager_secret_version.channel_token_keys[tostring(local.newest_key)]
}

# Refuses a plan that takes the version in use away, or skips the step in which both keys are accepted. (As a postcondition of the
# ephemeral resource it would crash terraform show -json.)
resource "terraform_data" "rotation" {
  input = var.channel_token_key_versions

  lifecycle {
    precondition {
      condition = local.key_in_use_is_short || alltrue([
        for key in local.keys_in_use : key <= local.newest_key && contains(var.channel_token_key_versions, key)
      ])
      error_message = "channel_token_key_versions must have the version that is in use, or it and the next one: every open channel would be rejected. See infra/terraform/README.md, Rotating the key."
    }

    precondition {
      condition = !local.key_in_use_is_short || (
        length(var.channel_token_key_versions) == 1 && !contains(local.keys_in_use, local.newest_key)
      )
      error_message = "The key that is in use has fewer than 32 bytes: the functions do not start with it, and a rotation cannot keep it. Set channel_token_key_versions to the next version alone, such as [2] after [1]. See infra/terraform/README.md, Rotating the key."
    }
  }
}
