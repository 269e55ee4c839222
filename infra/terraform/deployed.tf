# After a failed update the old code runs on, and the state names the new archive: without this check the next plan would be empty.

locals {
  states = {
    for function in concat(values(google_cloudfunctions2_function.private), [google_cloudfunctions2_function.receive]) :
    function.name => function.state
  }
}

resource "terraform_data" "deployed" {
  input = "The last deployment of every function has succeeded."

  lifecycle {
    # While a deployment is planned, id is unknown, and with it the outcome: it is judged after the deployment.
    replace_triggered_by = [google_cloudfunctions2_function.private, google_cloudfunctions2_function.receive]

    postcondition {
      condition     = self.id == "" || alltrue([for state in values(local.states) : state == "ACTIVE"])
      error_message = "The last deployment of ${join(", ", [for name, state in local.states : name if state != "ACTIVE"])} failed. See infra/terraform/README.md, A failed build."
    }
  }
}
