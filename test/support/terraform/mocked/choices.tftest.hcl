# terraform test, with mocked providers: what a plan accepts and refuses.

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

run "installs" {
  command = apply

  assert {
    condition     = output.firestore_database == "calendar-mirror"
    error_message = "The database must be one of its own."
  }

  assert {
    condition     = output.channel_address == "https://europe-west1-some-project.cloudfunctions.net/calendar-receive"
    error_message = "Google must call receive."
  }
}

run "refuses_another_region" {
  command = plan

  variables {
    region = "us-central1"
  }

  expect_failures = [terraform_data.installation]
}

run "refuses_another_database" {
  command = plan

  variables {
    firestore_database = "other"
  }

  expect_failures = [terraform_data.installation]
}

run "refuses_another_key" {
  command = plan

  variables {
    kms_key_name = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k"
  }

  expect_failures = [terraform_data.installation]
}

run "refuses_unknown_credentials" {
  command = plan

  variables {
    calendar_auth = "password"
  }

  expect_failures = [var.calendar_auth]
}

run "refuses_a_rotation_that_skips_the_step_with_both_keys" {
  command = plan

  variables {
    channel_token_key_versions = [2]
  }

  expect_failures = [terraform_data.rotation]
}

run "accepts_a_rotation_with_both_keys" {
  command = plan

  variables {
    channel_token_key_versions = [1, 2]
  }
}

run "refuses_to_keep_a_short_key_in_a_rotation" {
  command = plan

  variables {
    channel_token_key_versions = [1, 2]
    key_in_use_is_short        = true
  }

  expect_failures = [terraform_data.rotation]
}

run "refuses_to_deploy_with_a_short_key" {
  command = plan

  variables {
    key_in_use_is_short = true
  }

  expect_failures = [terraform_data.rotation]
}

run "accepts_a_new_key_instead_of_a_short_one" {
  command = plan

  variables {
    channel_token_key_versions = [2]
    key_in_use_is_short        = true
  }
}
