# Keys that exist during a run of Terraform only: neither a plan nor the state contains them.

# 44 letters and digits are valid base64 of 33 bytes, with 262 bits of entropy. Generated at each run, stored only with a new version.
ephemeral "random_password" "channel_token_key" {
  length  = 44
  special = false
}

# During a rotation: the secret as it is, whose first key the new version keeps.
ephemeral "google_secret_manager_secret_version" "previous" {
  count = length(var.channel_token_key_versions) == 1 ? 0 : 1

  secret = google_secret_manager_secret.channel_token_keys.id
}

locals {
  new_key = ephemeral.random_password.channel_token_key.result
  previous_keys = [
    for previous in ephemeral.google_secret_manager_secret_version.previous : split(",", previous.secret_data)[0]
  ]
}

ephemeral "google_secret_manager_secret_version" "newest" {
  secret = local.channel_token_keys.secret
}

locals {
  # The number of the key that signs; none if it was not made here.
  keys_in_use = [
    for number in regexall("^k([0-9]+):", ephemeral.google_secret_manager_secret_version.newest.secret_data) : tonumber(number[0])
  ]
  # The functions do not start with a key of less than 32 bytes, which are 43 characters.
  key_in_use_is_short = length(regexall("^[\\w-]{1,32}:[\\w+/-]{43,}={0,2}(,|$)", ephemeral.google_secret_manager_secret_version.newest.secret_data)) == 0
}
