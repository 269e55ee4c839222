variable "project_id" {
  description = "The project that everything is created in."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens. (It is not the project's number.)"
  }
}

variable "region" {
  description = "Where functions, scheduler and archives are, such as europe-west1. Pub/Sub keeps messages where they are published."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like europe-west1."
  }
}

variable "dist" {
  description = "The folder that npm run build wrote; dist of this repository by default."
  type        = string
  default     = null
}

variable "calendar_auth" {
  description = "How calls to Google Calendar are authorised: service-account, delegation or oauth. See Credentials in README.md."
  type        = string
  default     = "service-account"

  validation {
    condition     = contains(["service-account", "delegation", "oauth"], var.calendar_auth)
    error_message = "calendar_auth is service-account, delegation or oauth."
  }
}

variable "delegation_service_account" {
  description = "Address of a service account that the Workspace domain trusts already; with calendar_auth = delegation one is created otherwise."
  type        = string
  default     = null

  validation {
    condition     = var.delegation_service_account == null || can(regex("^[^@]+@[^@]+\\.gserviceaccount\\.com$", var.delegation_service_account))
    error_message = "delegation_service_account is the address of a service account."
  }
}

variable "public_access" {
  description = "How receive is opened to everybody: invoker grants allUsers the right to call it; check-disabled turns the check off, for organisations that allow no such grant (needs gcloud where Terraform runs)."
  type        = string
  default     = "invoker"

  validation {
    condition     = contains(["invoker", "check-disabled"], var.public_access)
    error_message = "public_access is invoker or check-disabled."
  }
}

variable "channel_address" {
  description = "Public HTTPS URL of receive where it is not the function's own: a domain of yours in front of it."
  type        = string
  default     = null

  validation {
    condition     = var.channel_address == null || can(regex("^https://", var.channel_address))
    error_message = "channel_address is an https URL: Google Calendar calls no other."
  }
}

variable "receive_ingress" {
  description = "Who reaches receive: ALLOW_ALL, or ALLOW_INTERNAL_AND_GCLB behind a load balancer of yours."
  type        = string
  default     = "ALLOW_ALL"

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_AND_GCLB"], var.receive_ingress)
    error_message = "receive_ingress is ALLOW_ALL or ALLOW_INTERNAL_AND_GCLB: Google Calendar calls from outside."
  }
}

variable "private_ingress" {
  description = "Who reaches sync and renew: ALLOW_INTERNAL_ONLY, which Pub/Sub and Cloud Scheduler of the same project pass, or ALLOW_ALL. Either way they answer to their two callers alone."
  type        = string
  default     = "ALLOW_INTERNAL_ONLY"

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_ONLY"], var.private_ingress)
    error_message = "private_ingress is ALLOW_ALL or ALLOW_INTERNAL_ONLY."
  }
}

variable "channel_token_key_versions" {
  description = "Versions of the key that signs channel tokens; the highest is used. [1], during a rotation [1, 2], then [2]."
  type        = list(number)
  default     = [1]

  validation {
    condition     = contains([1, 2], length(distinct(var.channel_token_key_versions))) && length(var.channel_token_key_versions) < 3
    error_message = "One version, or two different ones during a rotation."
  }

  validation {
    condition     = alltrue([for version in var.channel_token_key_versions : version >= 1 && floor(version) == version])
    error_message = "Versions are whole numbers from 1."
  }
}

variable "previous_channel_token_keys" {
  description = "Needed when a version is added: the secret as it was, so that channels signed with its first key stay valid. Never stored by Terraform."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "pace" {
  description = "The functions' own settings; those that are left out have the default of README.md."
  type = object({
    channel_ttl_seconds       = optional(number)
    renew_before_seconds      = optional(number)
    max_staleness_seconds     = optional(number)
    poll_seconds              = optional(number)
    min_sync_interval_seconds = optional(number)
    sync_deadline_seconds     = optional(number)
  })
  default = {}

  validation {
    condition     = alltrue([for seconds in values(var.pace) : seconds == null ? true : seconds >= 0])
    error_message = "Each is a number of seconds."
  }

  validation {
    condition     = coalesce(var.pace.sync_deadline_seconds, 45) <= 90
    error_message = "sync_deadline_seconds is at most 90: sync is ended after 120, and its last page may take a while."
  }
}

variable "min_instances" {
  description = "Instances of each function that wait even when there is nothing to do: 1 spares the first notification a cold start, and is paid for."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.min_instances), ["receive", "sync", "renew"])) == 0
    error_message = "min_instances has receive, sync and renew."
  }
}

variable "max_instances" {
  description = "Upper bounds; what arrives meanwhile waits in Pub/Sub, or is tried again by Google."
  type = object({
    receive = optional(number, 20)
    sync    = optional(number, 100)
    renew   = optional(number, 2)
  })
  default = {}
}

variable "firestore_database" {
  description = "Id of the Firestore database."
  type        = string
  default     = "(default)"

  validation {
    condition     = var.firestore_database == "(default)" || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "(default), or 4 to 63 lower-case letters, digits and hyphens."
  }
}

variable "firestore_location" {
  description = "Where the database is, such as eur3; the region by default. It can never be changed."
  type        = string
  default     = null
}

variable "create_database" {
  description = "false where the database is there already (in native mode)."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted and outlives terraform destroy. To delete it with everything: apply with false, then destroy."
  type        = bool
  default     = true
}

variable "backup_retention_days" {
  description = "How long daily backups of the database are kept; 0 for none."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_retention_days >= 0 && var.backup_retention_days <= 98
    error_message = "Firestore keeps backups for up to 98 days (14 weeks)."
  }
}

variable "bigquery_table" {
  description = "A table that every change is written to: see infra/examples/history-in-bigquery."
  type = object({
    dataset = string
    table   = string
  })
  default = null
}

variable "kms_key_name" {
  description = "A Cloud KMS key of the region for database, topics, archives, images and the secret. The services' agents need roles/cloudkms.cryptoKeyEncrypterDecrypter on it first."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name is projects/…/locations/…/keyRings/…/cryptoKeys/…."
  }
}

variable "labels" {
  description = "Labels of all that can have some."
  type        = map(string)
  default     = {}
}
