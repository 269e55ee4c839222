# An example deployment. Copy this folder and adapt it.
terraform {
  required_version = ">= 1.11"

  # The bucket for the state is given to init: terraform init -backend-config=bucket=<bucket>
  backend "gcs" {
    prefix = "calendar-mirror"
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
}

module "calendar_mirror" {
  source = "../"

  project_id    = var.project_id
  region        = var.region
  calendar_auth = var.calendar_auth

  # For key rotation: see infra/operations.md.
  channel_token_key_versions  = var.channel_token_key_versions
  previous_channel_token_keys = var.previous_channel_token_keys

  public_access         = var.public_access
  notification_channels = var.notification_channels
  deletion_protection   = var.deletion_protection
}
