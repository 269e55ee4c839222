mock_provider "google" {
  mock_data "google_cloudfunctions2_function" {
    defaults = {
      state = "ACTIVE"
    }
  }
  mock_resource "google_service_account" {
    defaults = {
      id        = "projects/some-project/serviceAccounts/some-account@some-project.iam.gserviceaccount.com"
      name      = "projects/some-project/serviceAccounts/some-account@some-project.iam.gserviceaccount.com"
      email     = "some-account@some-project.iam.gserviceaccount.com"
      member    = "serviceAccount:some-account@some-project.iam.gserviceaccount.com"
      unique_id = "100000000000000000000"
    }
  }
}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id = "some-project"
  region     = "europe-west1"
}

run "warns_of_the_database_that_other_applications_use" {
  command = plan

  variables {
    firestore_database = "(default)"
  }

  expect_failures = [check.database_of_its_own]
}
