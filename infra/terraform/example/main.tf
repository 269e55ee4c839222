# A deployment: every choice is in terraform.tfvars.
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

  project_id                 = var.project_id
  region                     = var.region
  dist                       = var.dist
  calendar_auth              = var.calendar_auth
  delegation_service_account = var.delegation_service_account
  public_access              = var.public_access
  channel_address            = var.channel_address
  receive_ingress            = var.receive_ingress
  private_ingress            = var.private_ingress
  channel_token_key_versions = var.channel_token_key_versions
  pace                       = var.pace
  min_instances              = var.min_instances
  max_instances              = var.max_instances
  firestore_database         = var.firestore_database
  firestore_location         = var.firestore_location
  create_database            = var.create_database
  deletion_protection        = var.deletion_protection
  enforce_region_in_transit  = var.enforce_region_in_transit
  backup_retention_days      = var.backup_retention_days
  bigquery_table             = var.bigquery_table
  kms_key_name               = var.kms_key_name
  labels                     = var.labels
  notification_channels      = var.notification_channels
  calendar_allowance_per_day = var.calendar_allowance_per_day
  calendar_quota_per_minute  = var.calendar_quota_per_minute
  oauth_token_store          = var.oauth_token_store
  oauth_kms_key              = var.oauth_kms_key
  oauth_kms_rotation_days    = var.oauth_kms_rotation_days
  oauth_token_operators      = var.oauth_token_operators
}
