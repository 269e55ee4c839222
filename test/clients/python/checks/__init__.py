"""Runs Python clients of the Calendar API on the Calendar emulator."""
