"""Compares how the Calendar emulator expands recurring events with how libraries of others do."""
