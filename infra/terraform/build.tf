# Building the functions: archives of dist, the build account, and the image repository.

locals {
  dist      = coalesce(var.dist, "${path.module}/../../dist")
  functions = toset(["receive", "sync", "renew"])
  runtime   = "nodejs24"
}

resource "google_storage_bucket" "source" {
  project                     = var.project_id
  name                        = "${var.project_id}-calendar-mirror-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = var.labels

  dynamic "encryption" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [time_sleep.apis]
}

data "archive_file" "source" {
  for_each = local.functions

  type       = "zip"
  source_dir = "${local.dist}/${each.key}"
  # V8's code cache differs from build to build. Google's builder makes it anew (gcp-build).
  excludes         = ["function.cache"]
  output_path      = "${path.root}/.terraform/calendar-mirror/${each.key}.zip"
  output_file_mode = "0644"
}

resource "google_storage_bucket_object" "source" {
  for_each = local.functions

  bucket = google_storage_bucket.source.name
  # The name contains the hash, so that changed code triggers a deployment.
  name   = "${each.key}-${data.archive_file.source[each.key].output_sha256}.zip"
  source = data.archive_file.source[each.key].output_path
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project_id
  location      = var.region
  repository_id = "calendar-mirror"
  description   = "Images of the functions."
  format        = "DOCKER"
  kms_key_name  = var.kms_key_name
  labels        = var.labels

  cleanup_policies {
    id     = "keep-ten"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [time_sleep.apis]
}

resource "google_service_account" "build" {
  project                      = var.project_id
  account_id                   = "calendar-build"
  display_name                 = "Builds the functions of calendar-mirror"
  create_ignore_already_exists = true
  depends_on                   = [time_sleep.apis]
}

resource "google_project_iam_member" "build" {
  # Granted on the project: Cloud Build reads the archive from a bucket that it creates, under a name unknown in advance.
  for_each = toset(["roles/logging.logWriter", "roles/storage.objectViewer"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build" {
  project    = var.project_id
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}
