// Calls the Calendar API as a page of another origin does. Leaves its report, in TAP, in `window.report`.
const api = new URL(location.href).searchParams.get('api');
const calendar = `${api}/calendar/v3`;
const HOLIDAYS = 'holidays@group.calendar.google.com';
const checks = [];
let assertions = 0;

const check = (name, attempt) => checks.push({ name, attempt });

function equal(actual, expected) {
  assertions += 1;
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

function matches(text, pattern) {
  assertions += 1;
  if (!pattern.test(String(text))) throw new Error(`expected ${pattern}, got ${text}`);
}

/** Calls as Ada, by bearer token. Without a body none is sent. */
async function call(method, path, { body, headers = {}, token = 'ada@example.com', ...options } = {}) {
  const response = await fetch(`${calendar}${path}`, {
    method,
    cache: 'no-store',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    ...options,
  });
  const text = await response.text();
  return { response, body: text === '' ? undefined : JSON.parse(text) };
}

const EVENTS = '/calendars/primary/events';
const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2027-01-04T12:00:00Z' },
  end: { dateTime: '2027-01-04T13:00:00Z' },
};
let event;
let syncToken;

check('reads the calendar list with a bearer token', async () => {
  const { response, body } = await call('GET', '/users/me/calendarList');
  equal(response.status, 200);
  equal(response.type, 'cors');
  equal(body.items.map(({ id }) => id).includes('ada@example.com'), true);
});
check('inserts an event after a preflight', async () => {
  const { response, body } = await call('POST', EVENTS, { body: lunch });
  equal(response.status, 200);
  equal(body.summary, 'Lunch');
  event = body;
});
check('reads the ETag of a response, which is exposed', async () => {
  const { response, body } = await call('GET', `${EVENTS}/${event.id}`);
  equal(response.headers.get('etag'), body.etag);
  event = body;
});
check('reads the headers of time and length, which are exposed', async () => {
  const { response } = await call('GET', `${EVENTS}/${event.id}`);
  matches(response.headers.get('date'), /GMT$/);
  matches(response.headers.get('content-type'), /^application\/json/);
});
check('patches with If-Match', async () => {
  const headers = { 'if-match': event.etag };
  const { response, body } = await call('PATCH', `${EVENTS}/${event.id}`, {
    headers,
    body: { location: 'Cafe' },
  });
  equal(response.status, 200);
  equal(body.location, 'Cafe');
  equal(body.etag === event.etag, false);
});
check('sees the body of the error when If-Match does not match', async () => {
  const headers = { 'if-match': event.etag };
  const { response, body } = await call('PATCH', `${EVENTS}/${event.id}`, {
    headers,
    body: { location: 'Bar' },
  });
  equal(response.status, 412);
  equal(body.error.errors[0].reason, 'conditionNotMet');
});
check('is told by If-None-Match that nothing has changed', async () => {
  const current = await call('GET', `${EVENTS}/${event.id}`);
  const headers = { 'if-none-match': current.body.etag };
  const { response, body } = await call('GET', `${EVENTS}/${event.id}`, { headers });
  equal(response.status, 304);
  equal(body, undefined);
});
check('replaces an event with PUT', async () => {
  const { response, body } = await call('PUT', `${EVENTS}/${event.id}`, {
    body: { ...lunch, summary: 'Dinner' },
  });
  equal(response.status, 200);
  equal(body.summary, 'Dinner');
  equal(body.location, undefined);
});
check('lists in full, and then what has changed', async () => {
  const full = await call('GET', EVENTS);
  equal(full.response.status, 200);
  ({ nextSyncToken: syncToken } = full.body);
  await call('PATCH', `${EVENTS}/${event.id}`, { body: { summary: 'Supper' } });
  const { body } = await call('GET', `${EVENTS}?syncToken=${encodeURIComponent(syncToken)}`);
  equal(
    body.items.map(({ summary }) => summary),
    ['Supper'],
  );
});
check('sees why a sync token is no longer valid', async () => {
  await fetch(`${api}/emulator/expire-sync-tokens`, { method: 'POST' });
  const { response, body } = await call('GET', `${EVENTS}?syncToken=${encodeURIComponent(syncToken)}`);
  equal(response.status, 410);
  equal(body.error.errors[0].reason, 'fullSyncRequired');
});
check('deletes an event', async () => {
  const { response, body } = await call('DELETE', `${EVENTS}/${event.id}`);
  equal(response.status, 204);
  equal(body, undefined);
});
check('sees the body of a 404', async () => {
  const { response, body } = await call('GET', '/calendars/nowhere/events');
  equal(response.status, 404);
  equal([body.error.code, body.error.errors[0].reason], [404, 'notFound']);
});
check('sees the body and the challenge of a 401', async () => {
  const { response, body } = await call('GET', EVENTS, { token: 'no-token' });
  equal(response.status, 401);
  equal(body.error.code, 401);
  matches(response.headers.get('www-authenticate'), /^Bearer realm=/);
});
check('reads how long to wait after a 429', async () => {
  const fault = {
    on: 'request',
    match: { method: 'calendar.colors.get' },
    times: 1,
    effect: { do: 'fail', status: 429, retryAfterSeconds: 7 },
  };
  await fetch(`${api}/emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  const { response, body } = await call('GET', '/colors');
  equal(response.status, 429);
  equal(response.headers.get('retry-after'), '7');
  equal(body.error.code, 429);
});
check('reads a public calendar with an API key, without a preflight', async () => {
  const { response, body } = await call('GET', `/calendars/${HOLIDAYS}/events?key=the-key`, { token: '' });
  equal(response.status, 200);
  equal(
    body.items.map(({ summary }) => summary),
    ['New Year'],
  );
});
check('sends an API key as a header', async () => {
  const { response } = await call('GET', `/calendars/${HOLIDAYS}/events/holiday`, {
    token: '',
    headers: { 'x-goog-api-key': 'the-key' },
  });
  equal(response.status, 200);
});
check(
  'is not let into a private calendar with an API key, nor into a public one with a wrong key',
  async () => {
    const hidden = await call('GET', '/calendars/ada@example.com/events?key=the-key', { token: '' });
    equal(hidden.response.status, 404);
    const wrong = await call('GET', `/calendars/${HOLIDAYS}/events?key=wrong`, { token: '' });
    equal(wrong.response.status, 400);
    matches(wrong.body.error.message, /API key not valid/);
  },
);
check('does not write with an API key', async () => {
  const path = `/calendars/${HOLIDAYS}/events?key=the-key`;
  const { response, body } = await call('POST', path, { token: '', body: lunch });
  equal(response.status, 401);
  equal(body.error.code, 401);
});
check('calls with credentials, as Google’s own library for pages does', async () => {
  const { response } = await call('GET', '/users/me/settings', {
    credentials: 'include',
    headers: { 'x-goog-authuser': '0', 'x-requested-with': 'XMLHttpRequest' },
  });
  equal(response.status, 200);
});
check('sends a batch and reads the description of the API', async () => {
  const part = 'Content-Type: application/http\r\n\r\nGET /calendar/v3/colors\r\n';
  const response = await fetch(`${api}/batch/calendar/v3`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada@example.com', 'content-type': 'multipart/mixed; boundary=b' },
    body: `--b\r\n${part}\r\n--b--\r\n`,
  });
  equal(response.status, 200);
  matches(await response.text(), /HTTP\/1\.1 200 OK[^]*calendar#colors/);
  const discovery = await (await fetch(`${api}/discovery/v1/apis/calendar/v3/rest`)).json();
  equal([discovery.id, discovery.rootUrl], ['calendar:v3', `${api}/`]);
});

const lines = [];

async function run({ name, attempt }, index) {
  try {
    await attempt();
    lines.push(`ok ${index + 1} - ${name}`);
  } catch (error) {
    lines.push(
      `not ok ${index + 1} - ${name}`,
      `# ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

// One after the other: each may need what the one before it did.
for (const [index, each] of checks.entries()) await run(each, index);
lines.push(`1..${checks.length}`, `# assertions ${assertions}`);
window.report = lines.join('\n');
