"""Prints each message of an unwrapped push subscription, which is a CloudEvent over HTTP. For Cloud Run."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cloudevents.core.bindings.http import HTTPMessage, from_http_event


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        # An exception leaves the request without an answer, and Pub/Sub delivers the message again.
        event = from_http_event(HTTPMessage(headers=dict(self.headers), body=body))
        data = event.get_data()
        print(event.get_type(), data["watchId"], data.get("itemId"), data["sequence"], flush=True)
        self.send_response(204)
        self.end_headers()


ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Receiver).serve_forever()
