# Monitoring: log-based metrics, a dashboard, and alerts that say what to do.

locals {
  # Restricts metrics to log entries of the functions.
  logged_by_functions = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(\"calendar-receive\" OR \"calendar-sync\" OR \"calendar-renew\")"
  alerts              = jsondecode(file("${path.module}/alerts.json"))
  charts              = jsondecode(file("${path.module}/dashboard.json"))
  # Thresholds that alerts.json refers to by name.
  thresholds = {
    calls_per_minute = var.calendar_quota_per_minute * 0.8
    calls_per_day    = var.calendar_allowance_per_day * 0.8
  }
  # Cloud Monitoring gives a metric in PromQL the name of its service and its path: https://cloud.google.com/monitoring/promql/promql-mapping
  calls_in_a_day = "sum(increase(serviceruntime_googleapis_com:api_request_count{monitored_resource=\"consumed_api\",service=\"calendar-json.googleapis.com\"}[1d]))"
}

resource "google_logging_metric" "measure" {
  for_each = jsondecode(file("${path.module}/metrics.json"))

  project          = var.project_id
  name             = "calendar_mirror/${each.key}"
  description      = each.value.description
  filter           = "${local.logged_by_functions} AND ${each.value.filter}"
  value_extractor  = lookup(each.value, "value", null)
  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = lookup(each.value, "value", null) == null ? "INT64" : "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  # From 1 to 2^31, with two buckets for each doubling.
  dynamic "bucket_options" {
    for_each = lookup(each.value, "value", null) == null ? [] : [1]
    content {
      exponential_buckets {
        num_finite_buckets = 62
        growth_factor      = 1.4142135
        scale              = 1
      }
    }
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = local.alerts

  project               = var.project_id
  display_name          = "calendar-mirror: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels
  user_labels           = var.labels

  documentation {
    subject   = each.value.title
    content   = file("${path.module}/alerts/${each.key}.md")
    mime_type = "text/markdown"
  }

  conditions {
    display_name = each.value.title

    dynamic "condition_threshold" {
      for_each = each.value.kind == "threshold" ? [1] : []
      content {
        filter          = each.value.filter
        comparison      = "COMPARISON_GT"
        threshold_value = lookup(local.thresholds, each.value.threshold, each.value.threshold)
        duration        = each.value.duration
        aggregations {
          alignment_period     = each.value.period
          per_series_aligner   = each.value.aligner
          cross_series_reducer = each.value.reducer
          group_by_fields      = each.value.by
        }
      }
    }

    dynamic "condition_absent" {
      for_each = each.value.kind == "absent" ? [1] : []
      content {
        filter   = each.value.filter
        duration = each.value.duration
        aggregations {
          alignment_period     = each.value.period
          per_series_aligner   = each.value.aligner
          cross_series_reducer = each.value.reducer
          group_by_fields      = each.value.by
        }
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_dashboard" "calendar_mirror" {
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = "calendar-mirror"
    gridLayout = {
      columns = "2"
      widgets = concat([for chart in local.charts : {
        title = chart.title
        xyChart = {
          dataSets = [{
            plotType = "LINE"
            timeSeriesQuery = {
              timeSeriesFilter = {
                filter = chart.filter
                # Google leaves an empty list out of its answers: every plan would show a difference.
                aggregation = merge({
                  alignmentPeriod    = "300s"
                  perSeriesAligner   = chart.aligner
                  crossSeriesReducer = chart.reducer
                }, length(chart.by) == 0 ? {} : { groupByFields = chart.by })
              }
            }
          }]
        }
        }], [{
        title = "Calendar API: share of the daily allowance used in 24 hours (%)"
        xyChart = {
          dataSets = [{
            plotType        = "LINE"
            timeSeriesQuery = { prometheusQuery = "100 * ${local.calls_in_a_day} / ${var.calendar_allowance_per_day}" }
          }]
        }
      }])
    }
  })

  depends_on = [google_logging_metric.measure]
}
