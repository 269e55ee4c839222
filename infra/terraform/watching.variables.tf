variable "notification_channels" {
  description = "Notification channels of Cloud Monitoring that receive alerts, as projects/…/notificationChannels/…. Without any, alerts appear in the console only."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "notification_channels must have the form projects/…/notificationChannels/…."
  }
}

variable "calendar_allowance_per_day" {
  description = "Calls to the Calendar API that the project may make each day. Google's standard tier allows a million; more are charged, or rejected: see ../scaling.md. An alert is raised above 80 % of it."
  type        = number
  default     = 1000000
  nullable    = false

  validation {
    condition     = var.calendar_allowance_per_day > 0
    error_message = "calendar_allowance_per_day must be positive."
  }
}

variable "calendar_quota_per_minute" {
  description = "Quota of Calendar API calls per minute of the project. An alert is raised above 80 % of it."
  type        = number
  default     = 10000
  nullable    = false
}
