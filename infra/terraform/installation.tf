# Choices that hold for good: to change one, Google would have to replace the database, the key or the functions.

locals {
  installation = {
    project_id         = var.project_id
    region             = var.region
    firestore_database = var.firestore_database
    firestore_location = coalesce(var.firestore_location, var.region)
    kms_key_name       = var.kms_key_name
  }
}

resource "terraform_data" "installation" {
  input = local.installation

  lifecycle {
    # output keeps the choices of the first apply.
    ignore_changes = [input]

    postcondition {
      condition     = jsonencode(self.output) == jsonencode(local.installation)
      error_message = "Chosen at installation and not to be changed: ${jsonencode(self.output)}. Asked for: ${jsonencode(local.installation)}. See infra/terraform/README.md, Choices."
    }
  }
}
