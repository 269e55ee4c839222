"""Prints how each id of the input is written in a document's path. Ids are JSON texts, one on each line."""

import json
import re
import sys


def encode_id(id):
    if id in (".", ".."):
        return id.replace(".", "%2E")
    encoded = id.replace("%", "%25").replace("/", "%2F")
    return re.sub(r"(?s)\A__(.*)__\Z", r"%5F%5F\1%5F%5F", encoded)


for line in sys.stdin:
    print(json.dumps(encode_id(json.loads(line))))
