# Instead of infra/terraform/ephemeral-keys.tf: mocked providers have no ephemeral resources.

variable "key_in_use_is_short" {
  type    = bool
  default = false
}

locals {
  new_key             = "mocked"
  previous_keys       = []
  keys_in_use         = [1]
  key_in_use_is_short = var.key_in_use_is_short
}
