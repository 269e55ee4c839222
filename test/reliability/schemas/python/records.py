"""Writes and reads records of Avro, for cases on standard input. Each has the data of a message, or the bytes of a record."""

import base64
import io
import json
import sys

from fastavro import parse_schema, schemaless_reader, schemaless_writer


def record_of(data, schema):
    """Objects become JSON text; what the data has not is the default of its field."""
    record = {}
    for field in schema["fields"]:
        value = data.get(field["name"], field.get("default"))
        record[field["name"]] = json.dumps(value) if isinstance(value, dict) else value
    return record


def run(case):
    writer, reader = parse_schema(case["writer"]), parse_schema(case["reader"])
    if "data" in case:
        stream = io.BytesIO()
        schemaless_writer(stream, writer, record_of(case["data"], case["writer"]))
        content = stream.getvalue()
    else:
        content = base64.b64decode(case["bytes"])
    record = schemaless_reader(io.BytesIO(content), writer, reader)
    return {"bytes": base64.b64encode(content).decode(), "record": record}


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
