# An Eventarc trigger that sends every change to a service on Cloud Run.
variable "project_id" { type = string }
variable "region" { type = string }

variable "service" {
  description = "Name of the service on Cloud Run, in the same region."
  type        = string
}

variable "invoker" {
  description = "Address of a service account with roles/run.invoker on the service and roles/eventarc.eventReceiver on the project."
  type        = string
}

resource "google_eventarc_trigger" "changes" {
  project         = var.project_id
  location        = var.region
  name            = "calendar-changes"
  service_account = var.invoker

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.pubsub.topic.v1.messagePublished"
  }

  transport {
    pubsub {
      topic = "projects/${var.project_id}/topics/calendar-changes"
    }
  }

  destination {
    cloud_run_service {
      service = var.service
      region  = var.region
    }
  }
}
