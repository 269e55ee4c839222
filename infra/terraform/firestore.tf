# The mirror. Only queried fields are indexed: this saves writes, and large items would exceed the limits on index entries.
# https://firebase.google.com/docs/firestore/quotas#indexes

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
      The mirror is in the database (default). Its index settings apply to every collection of that database named ${join(", ", keys(local.indexed_fields))}:
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

  # For each collection that the functions write: the queried fields and their index orders.
  indexed_fields = {
    acl          = {}
    calendarList = {}
    channels     = { nextDueAt = ["ASCENDING"] }
    claims       = {}
    epochs       = {}
    events = {
      activeUntil      = ["ASCENDING"]
      endsAt           = ["ASCENDING", "DESCENDING"]
      eventType        = ["ASCENDING"]
      originalStartsAt = ["ASCENDING"]
      recurringEventId = ["ASCENDING"]
      startsAt         = ["ASCENDING", "DESCENDING"]
      status           = ["ASCENDING"]
    }
    oauthTokens = {}
    outbox      = {}
    seen        = {}
    settings    = {}
    watches = {
      followedBy = ["ASCENDING"]
      nextDueAt  = ["ASCENDING"]
    }
  }

  # For readAgenda. In this order a query does not scan events that are over.
  composite_indexes = {
    agenda = ["activeUntil", "startsAt"]
  }
}

# Firestore rejects changes of indexes that touch each other (409). The provider repeats the changes within one of these resources.
resource "google_firestore_field" "exempt" {
  for_each = local.indexed_fields

  project    = var.project_id
  database   = local.firestore_database
  collection = each.key
  field      = "*"

  index_config {}
}

resource "google_firestore_field" "indexed" {
  for_each = merge([
    for collection, fields in local.indexed_fields : {
      for field, orders in fields : "${collection}.${field}" => { collection = collection, field = field, orders = orders }
    }
  ]...)

  project    = var.project_id
  database   = local.firestore_database
  collection = each.value.collection
  field      = each.value.field

  index_config {
    dynamic "indexes" {
      for_each = each.value.orders
      content {
        order       = indexes.value
        query_scope = "COLLECTION"
      }
    }
  }

  depends_on = [google_firestore_field.exempt]
}

resource "google_firestore_index" "events" {
  for_each = local.composite_indexes

  project     = var.project_id
  database    = local.firestore_database
  collection  = "events"
  query_scope = "COLLECTION"

  dynamic "fields" {
    for_each = each.value
    content {
      field_path = fields.value
      order      = "ASCENDING"
    }
  }

  depends_on = [google_firestore_field.indexed]
}
