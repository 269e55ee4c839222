# How sync and renew access the calendars, and the environment variables they share. No account has a key file.

locals {
  readers = {
    sync  = google_service_account.sync.member
    renew = google_service_account.renew.member
  }

  delegation_service_account = (
    var.calendar_auth != "delegation" ? null :
    var.delegation_service_account == null ? google_service_account.delegation.email : var.delegation_service_account
  )

  store_environment = merge(
    {
      GOOGLE_CLOUD_PROJECT = var.project_id
      FIRESTORE_DATABASE   = local.firestore_database
      CALENDAR_AUTH        = var.calendar_auth
      PUBSUB_ENDPOINT      = local.pubsub_endpoint
      # Keeps sync below 256 MiB on an instance of 512 MiB.
      NODE_OPTIONS = "--max-old-space-size=320 --max-semi-space-size=4"
    },
    local.delegation_service_account == null ? {} : { DELEGATION_SERVICE_ACCOUNT = local.delegation_service_account },
    local.token_environment,
  )
}

# delegation: the account that the Workspace domain trusts. Google holds its signing key. It exists whatever calendar_auth is, because
# the domain's administrator would have to trust a new one. Unless sync and renew may act as it, it can do nothing.
resource "google_service_account" "delegation" {
  project                      = var.project_id
  account_id                   = "calendar-delegation"
  display_name                 = "calendar-mirror: impersonates users of the domain"
  create_ignore_already_exists = true
  # Outlives terraform destroy, like the database. The next installation uses it again.
  deletion_policy = var.deletion_protection ? "ABANDON" : "DELETE"
  depends_on      = [time_sleep.apis]
}

moved {
  from = google_service_account.delegation[0]
  to   = google_service_account.delegation
}

resource "google_service_account_iam_member" "sign_as_delegation" {
  for_each = var.calendar_auth == "delegation" ? local.readers : {}

  service_account_id = (
    var.delegation_service_account == null ? google_service_account.delegation.name :
    "projects/-/serviceAccounts/${var.delegation_service_account}"
  )
  role   = "roles/iam.serviceAccountTokenCreator"
  member = each.value
}

# oauth: the client, and the users' refresh tokens unless Firestore has them (oauth-tokens.tf). Terraform does not manage them. They are
# matched by prefix.
resource "google_project_iam_member" "read_oauth_secrets" {
  for_each = var.calendar_auth == "oauth" ? local.readers : {}

  project = var.project_id
  role    = "roles/secretmanager.secretAccessor"
  member  = each.value

  condition {
    title      = "calendar-mirror oauth"
    expression = "resource.name.startsWith(\"projects/${data.google_project.this.number}/secrets/calendar-oauth-\")"
  }
}
