# The fields that queries use, and their order: the second part of the sequence that begins in exempt-fields.tf.

resource "google_firestore_field" "channels_next_due_at" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "channels"
  field      = "nextDueAt"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.watches]
}

resource "google_firestore_field" "events_active_until" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "activeUntil"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.channels_next_due_at]
}

resource "google_firestore_field" "events_ends_at" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "endsAt"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
    indexes {
      order       = "DESCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_active_until]
}

resource "google_firestore_field" "events_event_type" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "eventType"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_ends_at]
}

resource "google_firestore_field" "events_original_starts_at" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "originalStartsAt"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_event_type]
}

resource "google_firestore_field" "events_recurring_event_id" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "recurringEventId"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_original_starts_at]
}

resource "google_firestore_field" "events_starts_at" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "startsAt"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
    indexes {
      order       = "DESCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_recurring_event_id]
}

resource "google_firestore_field" "events_status" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "status"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_starts_at]
}

resource "google_firestore_field" "watches_followed_by" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "watches"
  field      = "followedBy"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.events_status]
}

resource "google_firestore_field" "watches_next_due_at" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "watches"
  field      = "nextDueAt"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.watches_followed_by]
}

# For readAgenda. In this order a query does not scan events that are over.
resource "google_firestore_index" "agenda" {
  project     = var.project_id
  database    = local.firestore_database
  collection  = "events"
  query_scope = "COLLECTION"

  fields {
    field_path = "activeUntil"
    order      = "ASCENDING"
  }
  fields {
    field_path = "startsAt"
    order      = "ASCENDING"
  }

  depends_on = [google_firestore_field.watches_next_due_at]
}
