variable "project_id" {
  description = "The project that everything is created in."
  type        = string
}

variable "region" {
  description = "Such as europe-west1."
  type        = string
}

variable "calendar_auth" {
  description = "service-account, delegation or oauth."
  type        = string
  default     = "service-account"
}

variable "public_access" {
  description = "invoker or check-disabled."
  type        = string
  default     = "invoker"
}

variable "deletion_protection" {
  description = "false before the database may be destroyed."
  type        = bool
  default     = true
}

variable "channel_token_key_versions" {
  description = "[1], during a rotation [1, 2], then [2]."
  type        = list(number)
  default     = [1]
}

variable "previous_channel_token_keys" {
  description = "The secret as it was, when a version is added."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "notification_channels" {
  description = "Who is told of alerts: projects/…/notificationChannels/…."
  type        = list(string)
  default     = []
}
