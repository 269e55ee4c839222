"""Keeps a copy of the mirror out of the feed: python main.py <copy> <subscription> [<subscription of a replay> …]"""

import json
import os
import sys
import threading
import time

from google.api_core.exceptions import DeadlineExceeded
from google.cloud import pubsub_v1

import state

file, *names = sys.argv[1:]
PATIENCE = float(os.environ.get("PATIENCE_SECONDS", "60"))
client = pubsub_v1.SubscriberClient()
lock = threading.Lock()


def load():
    if not os.path.exists(file):
        return {"items": {}, "watches": {}, "replays": {}}
    with open(file, encoding="utf8") as stored:
        return json.load(stored)


def save():
    """Replaces the file as a whole. In your program this is a transaction of a database."""
    with open(f"{file}.new", "w", encoding="utf8") as new:
        json.dump(copy, new)
    os.replace(f"{file}.new", file)


def accept(message):
    """Applies a message and stores the copy; returns whether the message may be acknowledged."""
    global copy
    with lock:
        try:
            state.apply(copy, message.attributes, json.loads(message.data))
            save()
            return True
        except (OSError, ValueError, KeyError) as error:
            print(f"refused {message.message_id}: {error!r}", file=sys.stderr, flush=True)
            copy = load()
            return False


def follow(name):
    subscription = client.subscription_path(os.environ["GOOGLE_CLOUD_PROJECT"], name)
    while True:
        try:
            received = client.pull(subscription=subscription, max_messages=100).received_messages
        except DeadlineExceeded:
            continue
        for each in received:
            ids = {"subscription": subscription, "ack_ids": [each.ack_id]}
            if accept(each.message):
                client.acknowledge(**ids)
            else:
                client.modify_ack_deadline(**ids, ack_deadline_seconds=0)


def report(found):
    """Prints each hole that it finds twice. Messages of a watch come in sixteen streams, so that most holes pass."""
    with lock:
        now = {id: watch["upTo"] for id, watch in copy["watches"].items() if state.has_hole(watch)}
    for id, up_to in now.items() & found.items():
        print(f"changes of {id} after {up_to} are missing: replay it", file=sys.stderr, flush=True)
    return now


copy = load()
threads = [threading.Thread(target=follow, args=[name], daemon=True) for name in names]
for thread in threads:
    thread.start()
found = {}
while all(thread.is_alive() for thread in threads):
    found = report(found)
    time.sleep(PATIENCE)
sys.exit("a subscription failed")
