# Instead of infra/terraform/ephemeral-keys.tf: mocked providers have no ephemeral resources.

locals {
  new_key       = "mocked"
  previous_keys = []
  keys_in_use   = [1]
}
