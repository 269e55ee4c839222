output "calendar_mirror" {
  description = "All that the module says."
  value       = module.calendar_mirror
}
