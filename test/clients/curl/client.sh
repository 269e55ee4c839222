#!/usr/bin/env bash
# Calls the API as a person at a terminal does. Prints TAP.
set -uo pipefail

api=$CALENDAR_EMULATOR_URL/calendar/v3
events=$api/calendars/primary/events
event='{"summary":"Lunch","start":{"date":"2030-01-01"},"end":{"date":"2030-01-02"}}'
token='Authorization: Bearer ada@example.com'
json='Content-Type: application/json'
number=0

# Prints whether the output of a call contains a text: check <name> <text> <parameters of curl…>
check() {
  local name=$1 text=$2 output
  shift 2
  number=$((number + 1))
  output=$(curl --silent --show-error --max-time 60 "$@" 2>&1)
  if [[ $output == *"$text"* ]]; then
    printf 'ok %d - %s\n' "$number" "$name"
  else
    printf 'not ok %d - %s\n' "$number" "$name"
    printf '# expected: %s\n' "$text"
    sed 's/^/# /' <<<"$output"
  fi
}

check 'inserts an event' '"summary": "Lunch"' -H "$token" -H "$json" -d "$event" "$events?fields=summary"
check 'takes a compressed body' '"status": "confirmed"' -H "$token" -H "$json" -H 'Content-Encoding: gzip' \
  --data-binary @<(gzip --stdout <<<"$event") "$events"
check 'chooses fields' '{"items":[{"summary":"Lunch"},{"summary":"Lunch"}]}' -H "$token" \
  "$events?fields=items/summary&prettyPrint=false"
check 'takes the token from the address' '"calendar#events"' "$events?access_token=ada@example.com"
check 'sends a query as a form' '"calendar#events"' -H "$token" -H 'X-HTTP-Method-Override: GET' -d maxResults=1 "$events"
check 'is refused without a token' '"reason": "required"' "$events"
check 'is told that the API takes no forms' 'form-encoded input' -H "$token" -d "$event" "$events"
check 'gets a status with a failure' '404' -o /dev/null -w '%{http_code}' -H "$token" "$events/nothing"
check 'follows an ETag' '304' -o /dev/null -w '%{http_code}' -H "$token" \
  -H "If-None-Match: $(curl --silent -H "$token" "$api/users/me/settings" -o /dev/null -w "%header{etag}")" "$api/users/me/settings"
check 'asks for its own version of HTTP' 'HTTP/1.1 200' --http1.0 -i -H "$token" "$api/colors"
check 'shares a calendar' '"id": "default"' -H "$token" -H "$json" -d '{"role":"reader","scope":{"type":"default"}}' \
  "$api/calendars/primary/acl"
check 'reads a public calendar with a key' '"accessRole": "reader"' "$api/calendars/ada@example.com/events?key=any"

printf '1..%d\n# assertions %d\n' "$number" "$number"
