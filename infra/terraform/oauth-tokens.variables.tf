variable "oauth_token_store" {
  description = "Where refresh tokens are kept with calendar_auth = oauth: secret-manager (one secret per user) or firestore (encrypted with one key). See README.md, Where refresh tokens are kept."
  type        = string
  default     = "secret-manager"
  nullable    = false

  validation {
    condition     = contains(["secret-manager", "firestore"], var.oauth_token_store)
    error_message = "oauth_token_store must be secret-manager or firestore."
  }
}

variable "oauth_kms_key" {
  description = "Existing Cloud KMS key that encrypts refresh tokens, as projects/…/locations/…/keyRings/…/cryptoKeys/…. By default oauth_token_store = firestore creates one."
  type        = string
  default     = null

  validation {
    condition     = var.oauth_kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.oauth_kms_key))
    error_message = "oauth_kms_key must have the form projects/…/locations/…/keyRings/…/cryptoKeys/…."
  }
}

variable "oauth_kms_rotation_days" {
  description = "Days after which the created key gets a new primary version; each version that is not destroyed costs $0.06 a month."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.oauth_kms_rotation_days >= 1 && floor(var.oauth_kms_rotation_days) == var.oauth_kms_rotation_days
    error_message = "oauth_kms_rotation_days must be a whole number of at least 1."
  }
}

variable "oauth_token_operators" {
  description = "Who may encrypt and decrypt refresh tokens, with calendar-mirror login and tokens: members such as user:ada@example.com or group:operators@example.com."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.oauth_token_operators : can(regex("^(user|group|serviceAccount|principal|principalSet):", member))])
    error_message = "oauth_token_operators must be members, such as user:ada@example.com."
  }
}
