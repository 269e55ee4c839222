# A subscription to the changes that move or cancel an event.
variable "project_id" { type = string }

resource "google_pubsub_subscription" "moves" {
  project                 = var.project_id
  name                    = "moves"
  topic                   = "calendar-changes"
  filter                  = "attributes:kind_moved OR attributes:kind_cancelled"
  enable_message_ordering = true

  # Never, even if it is not used.
  expiration_policy {
    ttl = ""
  }
}
