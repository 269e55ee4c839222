"""google-api-python-client: https://googleapis.github.io/google-api-python-client/docs/"""

from checks.google import batch, errors, methods, retries, wire
from checks.google.service import suite

__all__ = ["batch", "errors", "methods", "retries", "suite", "wire"]
