output "calendar_mirror" {
  description = "All outputs of the module."
  value       = module.calendar_mirror
}
