# No field is indexed, for each collection that the functions write. indexed-fields.tf has the exceptions.
#
# Firestore rejects a change of indexes while another one starts (409 or 400). So each change waits for the one before it, from the first
# block here to the index at the end of indexed-fields.tf. https://github.com/hashicorp/terraform-provider-google/issues/15128

resource "google_firestore_field" "acl" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "acl"
  field      = "*"
  index_config {}
}

resource "google_firestore_field" "calendar_list" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "calendarList"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.acl]
}

resource "google_firestore_field" "channels" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "channels"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.calendar_list]
}

resource "google_firestore_field" "claims" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "claims"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.channels]
}

resource "google_firestore_field" "epochs" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "epochs"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.claims]
}

resource "google_firestore_field" "events" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "events"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.epochs]
}

resource "google_firestore_field" "oauth_tokens" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "oauthTokens"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.events]
}

resource "google_firestore_field" "outbox" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "outbox"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.oauth_tokens]
}

resource "google_firestore_field" "seen" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "seen"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.outbox]
}

resource "google_firestore_field" "settings" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "settings"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.seen]
}

resource "google_firestore_field" "watches" {
  project    = var.project_id
  database   = local.firestore_database
  collection = "watches"
  field      = "*"
  index_config {}
  depends_on = [google_firestore_field.settings]
}
