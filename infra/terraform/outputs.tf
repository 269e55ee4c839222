output "channel_address" {
  description = "URL that Google Calendar sends notifications to."
  value       = local.channel_address
}

output "receive_url" {
  description = "URL of the function receive, for a smoke test."
  value       = google_cloudfunctions2_function.receive.url
}

output "service_accounts" {
  description = "Service accounts of the functions. With calendar_auth = service-account, share calendars with those of sync and renew."
  value = {
    receive = google_service_account.receive.email
    sync    = google_service_account.sync.email
    renew   = google_service_account.renew.email
  }
}

output "delegation_client_id" {
  description = "Client id to enter for domain-wide delegation, of the account calendar-delegation; null with delegation_service_account."
  value       = var.delegation_service_account == null ? google_service_account.delegation.unique_id : null
}

output "scopes" {
  description = "OAuth scope of each resource. The administrator or the users grant those of the resources to mirror."
  value = {
    for resource, scope in {
      events       = "calendar.events.readonly"
      acl          = "calendar.acls.readonly"
      calendarList = "calendar.calendarlist.readonly"
      settings     = "calendar.settings.readonly"
    } : resource => "https://www.googleapis.com/auth/${scope}"
  }
}

output "topics" {
  description = "Names of the topics."
  value = {
    notifications = google_pubsub_topic.notifications.name
    changes       = google_pubsub_topic.changes.name
    clock         = google_pubsub_topic.clock.name
    dead_letters  = google_pubsub_topic.dead_letters.name
  }
}

output "firestore_database" {
  description = "Id of the Firestore database that holds the mirror."
  value       = local.firestore_database
}

output "oauth_kms_key" {
  description = "Key that encrypts refresh tokens; null with oauth_token_store = secret-manager. The command line reads it as OAUTH_KMS_KEY."
  value       = local.tokens_in_firestore ? local.oauth_kms_key : null
}
