# The module's variables: ../variables.tf, ../watching.variables.tf and ../oauth-tokens.variables.tf describe them. What is not given has the module's default.

variable "project_id" {
  type = string
}

variable "region" {
  type = string
}

variable "dist" {
  type    = string
  default = null
}

variable "calendar_auth" {
  type    = string
  default = null
}

variable "delegation_service_account" {
  type    = string
  default = null
}

variable "public_access" {
  type    = string
  default = null
}

variable "channel_address" {
  type    = string
  default = null
}

variable "receive_ingress" {
  type    = string
  default = null
}

variable "private_ingress" {
  type    = string
  default = null
}

variable "channel_token_key_versions" {
  type    = list(number)
  default = null
}

variable "pace" {
  type = object({
    channel_ttl_seconds       = optional(number)
    renew_before_seconds      = optional(number)
    max_staleness_seconds     = optional(number)
    poll_seconds              = optional(number)
    min_sync_interval_seconds = optional(number)
    sync_deadline_seconds     = optional(number)
    reconcile_seconds         = optional(number)
  })
  default = null
}

variable "min_instances" {
  type    = map(number)
  default = null
}

variable "max_instances" {
  type = object({
    receive = optional(number)
    sync    = optional(number)
    renew   = optional(number)
  })
  default = null
}

variable "firestore_database" {
  type    = string
  default = null
}

variable "firestore_location" {
  type    = string
  default = null
}

variable "create_database" {
  type    = bool
  default = null
}

variable "enforce_region_in_transit" {
  type    = bool
  default = null
}

variable "deletion_protection" {
  type    = bool
  default = null
}

variable "backup_retention_days" {
  type    = number
  default = null
}

variable "bigquery_table" {
  type = object({
    dataset = string
    table   = string
  })
  default = null
}

variable "kms_key_name" {
  type    = string
  default = null
}

variable "labels" {
  type    = map(string)
  default = null
}

variable "notification_channels" {
  type    = list(string)
  default = null
}

variable "calendar_allowance_per_day" {
  type    = number
  default = null
}

variable "calendar_quota_per_minute" {
  type    = number
  default = null
}

variable "oauth_token_store" {
  type    = string
  default = null
}

variable "oauth_kms_key" {
  type    = string
  default = null
}

variable "oauth_kms_rotation_days" {
  type    = number
  default = null
}

variable "oauth_token_operators" {
  type    = list(string)
  default = null
}
