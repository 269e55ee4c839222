# After a failed update the old code runs on, and the state has the new archive: without this check the next plan would be empty.
# Read by each plan, or after the functions if it changes them.

data "google_cloudfunctions2_function" "deployed" {
  for_each = local.functions

  project  = var.project_id
  location = var.region
  name     = "calendar-${each.key}"

  lifecycle {
    postcondition {
      condition     = self.state == "ACTIVE"
      error_message = "The last deployment of calendar-${each.key} failed. See infra/terraform/README.md, A failed build."
    }
  }

  depends_on = [google_cloudfunctions2_function.private, google_cloudfunctions2_function.receive]
}
