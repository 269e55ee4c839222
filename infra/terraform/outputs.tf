output "channel_address" {
  description = "What Google Calendar calls."
  value       = local.channel_address
}

output "receive_url" {
  description = "receive's own URL, for a smoke test."
  value       = google_cloudfunctions2_function.receive.url
}

output "service_accounts" {
  description = "The functions' accounts. With calendar_auth = service-account calendars are shared with sync's and renew's."
  value = {
    receive = google_service_account.receive.email
    sync    = google_service_account.sync.email
    renew   = google_service_account.renew.email
  }
}

output "delegation_client_id" {
  description = "What the domain's administrator enters for domain-wide delegation, where Terraform created the account."
  value       = one(google_service_account.delegation[*].unique_id)
}

output "scopes" {
  description = "What the administrator or the users consent to: those of the resources to be mirrored."
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
    dead_letters  = google_pubsub_topic.dead_letters.name
  }
}

output "firestore_database" {
  description = "Id of the database with the mirror."
  value       = local.firestore_database
}
