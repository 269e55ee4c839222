variable "project_id" {
  description = "Id of the Google Cloud project to deploy to."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must have 6 to 30 lower-case letters, digits and hyphens. A project number is not valid."
  }
}

variable "region" {
  description = "Region of functions, scheduler, archives and images, such as europe-west1. Messages are stored in it. At installation only."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a Google Cloud region, such as europe-west1."
  }
}

variable "enforce_region_in_transit" {
  description = "Whether Pub/Sub also rejects publishers and subscribers that connect to it in another region: they must use the region's endpoint."
  type        = bool
  default     = false
  nullable    = false
}

variable "dist" {
  description = "Folder that npm run build writes; dist of this repository by default."
  type        = string
  default     = null
}

variable "calendar_auth" {
  description = "How calls to Google Calendar are authorised: service-account, delegation or oauth. See README.md, Credentials."
  type        = string
  default     = "service-account"
  nullable    = false

  validation {
    condition     = contains(["service-account", "delegation", "oauth"], var.calendar_auth)
    error_message = "calendar_auth must be service-account, delegation or oauth."
  }
}

variable "delegation_service_account" {
  description = "Email address of an existing service account with domain-wide delegation. By default calendar_auth = delegation uses the account calendar-delegation."
  type        = string
  default     = null

  validation {
    condition     = var.delegation_service_account == null || can(regex("^[^@]+@[^@]+\\.gserviceaccount\\.com$", var.delegation_service_account))
    error_message = "delegation_service_account must be the email address of a service account."
  }
}

variable "public_access" {
  description = "How receive is made public: invoker grants allUsers the role roles/run.invoker; check-disabled turns off the IAM check, for organisations that do not allow this grant (requires gcloud where Terraform runs)."
  type        = string
  default     = "invoker"
  nullable    = false

  validation {
    condition     = contains(["invoker", "check-disabled"], var.public_access)
    error_message = "public_access must be invoker or check-disabled."
  }
}

variable "channel_address" {
  description = "Public HTTPS URL of receive, if your own domain stands in front of the function. The function's URL by default."
  type        = string
  default     = null

  validation {
    condition     = var.channel_address == null || can(regex("^https://", var.channel_address))
    error_message = "channel_address must be an https URL: Google Calendar does not call any other."
  }
}

variable "receive_ingress" {
  description = "Ingress of receive: ALLOW_ALL, or ALLOW_INTERNAL_AND_GCLB behind your own load balancer."
  type        = string
  default     = "ALLOW_ALL"
  nullable    = false

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_AND_GCLB"], var.receive_ingress)
    error_message = "receive_ingress must be ALLOW_ALL or ALLOW_INTERNAL_AND_GCLB: Google Calendar calls from the internet."
  }
}

variable "private_ingress" {
  description = "Ingress of sync and renew: ALLOW_INTERNAL_ONLY, which admits Pub/Sub and Cloud Scheduler of the same project, or ALLOW_ALL. IAM admits only these two callers in either case."
  type        = string
  default     = "ALLOW_INTERNAL_ONLY"
  nullable    = false

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_ONLY"], var.private_ingress)
    error_message = "private_ingress must be ALLOW_ALL or ALLOW_INTERNAL_ONLY."
  }
}

variable "channel_token_key_versions" {
  description = "Versions of the key that signs channel tokens; the highest is used, and accepts tokens of the one before. For a rotation: [1], then [1, 2], then [2]."
  type        = list(number)
  default     = [1]
  nullable    = false

  validation {
    condition     = contains([1, 2], length(distinct(var.channel_token_key_versions))) && length(var.channel_token_key_versions) < 3
    error_message = "channel_token_key_versions must have one version, or two different versions during a rotation."
  }

  validation {
    condition     = alltrue([for version in var.channel_token_key_versions : version >= 1 && floor(version) == version])
    error_message = "channel_token_key_versions must be whole numbers of at least 1."
  }
}

variable "pace" {
  description = "Intervals and deadlines of the functions, in seconds; for meanings and defaults see infra/configuration.md."
  type = object({
    channel_ttl_seconds       = optional(number)
    renew_before_seconds      = optional(number)
    max_staleness_seconds     = optional(number)
    poll_seconds              = optional(number)
    min_sync_interval_seconds = optional(number)
    sync_deadline_seconds     = optional(number)
    reconcile_seconds         = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for seconds in values(var.pace) : seconds == null ? true : seconds >= 0])
    error_message = "Each setting of pace must be a number of seconds, 0 or more."
  }

  validation {
    condition     = coalesce(var.pace.renew_before_seconds, 86400) < coalesce(var.pace.channel_ttl_seconds, 604800)
    error_message = "renew_before_seconds (default 86400) must be less than channel_ttl_seconds (default 604800): otherwise every channel would be replaced as soon as it is created."
  }

  validation {
    condition     = coalesce(var.pace.sync_deadline_seconds, 45) <= 90
    error_message = "sync_deadline_seconds must be at most 90: sync times out after 120 seconds, and its last page takes time."
  }

  validation {
    condition     = coalesce(var.pace.reconcile_seconds, 2592000) <= 31536000
    error_message = "reconcile_seconds must be at most 31536000 (a year); 0 disables periodic full syncs."
  }
}

variable "min_instances" {
  description = "Minimum number of instances of each function. 1 avoids cold starts; idle instances are billed."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.min_instances), ["receive", "sync", "renew"])) == 0
    error_message = "min_instances may only have the keys receive, sync and renew."
  }
}

variable "max_instances" {
  description = "Maximum number of instances of each function. Beyond it, messages wait in Pub/Sub and Google retries notifications. A young project has a quota of 10 to 20 vCPU per region: see README.md, Quotas."
  type = object({
    receive = optional(number, 5)
    sync    = optional(number, 10)
    renew   = optional(number, 1)
  })
  default  = {}
  nullable = false
}

variable "firestore_database" {
  description = "Id of the Firestore database. It should be the mirror's own: see README.md, The database. At installation only."
  type        = string
  default     = "calendar-mirror"
  nullable    = false

  validation {
    condition     = var.firestore_database == "(default)" || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "firestore_database must be (default), or have 4 to 63 lower-case letters, digits and hyphens."
  }
}

variable "firestore_location" {
  description = "Location of the database, such as eur3; the region by default. At installation only."
  type        = string
  default     = null
}

variable "create_database" {
  description = "Whether to create the database. false uses an existing database in native mode."
  type        = bool
  default     = true
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether the database is protected from deletion and outlives terraform destroy, as does the account calendar-delegation. To delete both, apply with false, then destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "backup_retention_days" {
  description = "Days to keep daily backups of the database; 0 disables backups."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 0 && var.backup_retention_days <= 98
    error_message = "backup_retention_days must be 0 to 98: Firestore keeps backups for up to 14 weeks."
  }
}

variable "bigquery_table" {
  description = "BigQuery table to write every change to; none by default. See infra/examples/history-in-bigquery."
  type = object({
    dataset = string
    table   = string
  })
  default = null
}

variable "kms_key_name" {
  description = "Cloud KMS key in the region that encrypts functions, database, topics, archives, images and the secret. First grant roles/cloudkms.cryptoKeyEncrypterDecrypter on it to the service agents. At installation only."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name must have the form projects/…/locations/…/keyRings/…/cryptoKeys/…."
  }
}

variable "labels" {
  description = "Labels of every resource that supports labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
