variable "notification_channels" {
  description = "Who is told of alerts: notification channels of Cloud Monitoring, as projects/…/notificationChannels/…. Without any, alerts stand in the console alone."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "A notification channel is projects/…/notificationChannels/…."
  }
}

variable "calendar_quota_per_minute" {
  description = "Calls to the Calendar API that the project may make in a minute; above 80 % of them there is an alert."
  type        = number
  default     = 10000
}
