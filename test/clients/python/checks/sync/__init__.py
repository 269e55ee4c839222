"""gcal_sync, the library of Home Assistant's Google Calendar integration: https://allenporter.github.io/gcal_sync/"""

from checks.sync import calls, edits, managers, timeline
from checks.sync.service import suite

__all__ = ["calls", "edits", "managers", "suite", "timeline"]
