variable "project_id" {
  description = "Id of the Google Cloud project to deploy to."
  type        = string
}

variable "region" {
  description = "Region, such as europe-west1."
  type        = string
}

variable "calendar_auth" {
  description = "How calls to Google Calendar are authorised: service-account, delegation or oauth."
  type        = string
  default     = "service-account"
}

variable "public_access" {
  description = "How receive is made public: invoker or check-disabled."
  type        = string
  default     = "invoker"
}

variable "deletion_protection" {
  description = "Whether the database is protected from deletion. Apply with false before destroying it."
  type        = bool
  default     = true
}

variable "channel_token_key_versions" {
  description = "Versions of the channel token key. For a rotation: [1], then [1, 2], then [2]."
  type        = list(number)
  default     = [1]
}

variable "previous_channel_token_keys" {
  description = "The current secret, required when a version is added."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "notification_channels" {
  description = "Notification channels that receive alerts: projects/…/notificationChannels/…."
  type        = list(string)
  default     = []
}
