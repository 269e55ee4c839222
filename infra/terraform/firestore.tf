# The database of the mirror. Only queried fields are indexed (exempt-fields.tf, indexed-fields.tf): this saves writes, and large items
# would exceed the limits on index entries. https://firebase.google.com/docs/firestore/quotas#indexes

resource "google_firestore_database" "mirror" {
  count = var.create_database ? 1 : 0

  project                           = var.project_id
  name                              = var.firestore_database
  location_id                       = coalesce(var.firestore_location, var.region)
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "ABANDON" : "DELETE"

  dynamic "cmek_config" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [time_sleep.apis]
}

check "database_of_its_own" {
  assert {
    condition     = var.firestore_database != "(default)"
    error_message = <<-EOT
      The mirror is in the database (default). Its index settings apply to every collection of that database named acl, calendarList, channels,
      claims, epochs, events, oauthTokens, outbox, seen, settings or watches:
      queries of other applications on such collections fail. See infra/terraform/README.md, The database.
    EOT
  }
}

resource "google_firestore_backup_schedule" "daily" {
  count = var.backup_retention_days > 0 ? 1 : 0

  project   = var.project_id
  database  = local.firestore_database
  retention = "${var.backup_retention_days * 86400}s"

  daily_recurrence {}
}

locals {
  # Refers to the resource, so that resources that need the database wait for it.
  firestore_database = var.create_database ? google_firestore_database.mirror[0].name : var.firestore_database
}
