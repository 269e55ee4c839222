# oauth with tokens in Firestore: the key that encrypts users' refresh tokens. sync and renew may decrypt, and only the operators encrypt.

locals {
  tokens_in_firestore = var.calendar_auth == "oauth" && var.oauth_token_store == "firestore"
  creates_oauth_key   = local.tokens_in_firestore && var.oauth_kms_key == null
  oauth_kms_key       = local.creates_oauth_key ? google_kms_crypto_key.oauth_tokens[0].id : var.oauth_kms_key

  token_environment = !local.tokens_in_firestore ? {} : {
    OAUTH_TOKEN_STORE = var.oauth_token_store
    OAUTH_KMS_KEY     = local.oauth_kms_key
  }
}

resource "google_project_service" "kms" {
  count = local.tokens_in_firestore ? 1 : 0

  project = var.project_id
  service = "cloudkms.googleapis.com"
  # Other workloads in the project may use it.
  disable_on_destroy = false
}

# A service rejects calls for up to a minute after its API is enabled.
resource "time_sleep" "kms" {
  count = local.tokens_in_firestore ? 1 : 0

  create_duration = "60s"
  triggers        = { api = google_project_service.kms[0].service }
}

# Google deletes neither key rings nor keys. https://cloud.google.com/kms/docs/destroy-restore
resource "google_kms_key_ring" "calendar" {
  count = local.creates_oauth_key ? 1 : 0

  project    = var.project_id
  name       = "calendar-mirror"
  location   = var.region
  depends_on = [time_sleep.kms]

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "oauth_tokens" {
  count = local.creates_oauth_key ? 1 : 0

  name            = "oauth-tokens"
  key_ring        = google_kms_key_ring.calendar[0].id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "${var.oauth_kms_rotation_days * 86400}s"
  labels          = var.labels

  lifecycle {
    # Without its versions every user would have to consent again.
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "decrypt" {
  for_each = local.tokens_in_firestore ? local.readers : {}

  crypto_key_id = local.oauth_kms_key
  role          = "roles/cloudkms.cryptoKeyDecrypter"
  member        = each.value
  depends_on    = [time_sleep.kms]
}

resource "google_kms_crypto_key_iam_member" "operators" {
  for_each = local.tokens_in_firestore ? toset(var.oauth_token_operators) : []

  crypto_key_id = local.oauth_kms_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value
  depends_on    = [time_sleep.kms]
}
