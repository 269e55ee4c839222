# Names of earlier versions. A resource that is moved is neither destroyed nor created.

moved {
  from = google_firestore_field.exempt["acl"]
  to   = google_firestore_field.acl
}

moved {
  from = google_firestore_field.exempt["calendarList"]
  to   = google_firestore_field.calendar_list
}

moved {
  from = google_firestore_field.exempt["channels"]
  to   = google_firestore_field.channels
}

moved {
  from = google_firestore_field.exempt["claims"]
  to   = google_firestore_field.claims
}

moved {
  from = google_firestore_field.exempt["epochs"]
  to   = google_firestore_field.epochs
}

moved {
  from = google_firestore_field.exempt["events"]
  to   = google_firestore_field.events
}

moved {
  from = google_firestore_field.exempt["oauthTokens"]
  to   = google_firestore_field.oauth_tokens
}

moved {
  from = google_firestore_field.exempt["outbox"]
  to   = google_firestore_field.outbox
}

moved {
  from = google_firestore_field.exempt["seen"]
  to   = google_firestore_field.seen
}

moved {
  from = google_firestore_field.exempt["settings"]
  to   = google_firestore_field.settings
}

moved {
  from = google_firestore_field.exempt["watches"]
  to   = google_firestore_field.watches
}

moved {
  from = google_firestore_field.indexed["channels.nextDueAt"]
  to   = google_firestore_field.channels_next_due_at
}

moved {
  from = google_firestore_field.indexed["events.activeUntil"]
  to   = google_firestore_field.events_active_until
}

moved {
  from = google_firestore_field.indexed["events.endsAt"]
  to   = google_firestore_field.events_ends_at
}

moved {
  from = google_firestore_field.indexed["events.eventType"]
  to   = google_firestore_field.events_event_type
}

moved {
  from = google_firestore_field.indexed["events.originalStartsAt"]
  to   = google_firestore_field.events_original_starts_at
}

moved {
  from = google_firestore_field.indexed["events.recurringEventId"]
  to   = google_firestore_field.events_recurring_event_id
}

moved {
  from = google_firestore_field.indexed["events.startsAt"]
  to   = google_firestore_field.events_starts_at
}

moved {
  from = google_firestore_field.indexed["events.status"]
  to   = google_firestore_field.events_status
}

moved {
  from = google_firestore_field.indexed["watches.followedBy"]
  to   = google_firestore_field.watches_followed_by
}

moved {
  from = google_firestore_field.indexed["watches.nextDueAt"]
  to   = google_firestore_field.watches_next_due_at
}

moved {
  from = google_firestore_index.events["agenda"]
  to   = google_firestore_index.agenda
}
