/** Edits in Google Calendar arrive with their kinds, in the data and as attributes to filter on: each kind of each resource. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { requestMessage } from '../../functions/feed/notification.ts';
import { KINDS } from '../../functions/feed/kinds.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';

const test = cloudTest();

const at = (day: number, hour: number) => ({ dateTime: `2030-01-0${day}T${hour}:00:00Z`, timeZone: 'UTC' });
const REVIEW = { summary: 'Review', start: at(7, 10), end: at(7, 11) };
const SERIES = { ...REVIEW, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] };

/** An event of a user, Ada, which another user may be invited to. */
interface Scene {
  readonly cloud: Pipeline;
  readonly ada: string;
  readonly bo: string;
  readonly id: string;
  /** Ada edits the event. */
  readonly edit: (body: object, query?: string) => Promise<unknown>;
}
const eventOf = (user: string, id: string) => `calendars/${user}/events/${id}`;
const edited =
  (body: object, query?: string) =>
  ({ edit }: Scene): Promise<unknown> =>
    edit(body, query);
const guests = (bo: string, responseStatus = 'needsAction') => [{ email: bo, responseStatus }];

interface Edit {
  readonly kinds: readonly (typeof KINDS.events)[number][];
  readonly what?: string;
  /** The event before, in addition to its title and times. */
  readonly event?: object | ((bo: string) => object);
  readonly act: (scene: Scene) => Promise<unknown>;
  /** Bo's calendar is watched instead of Ada's. */
  readonly ofGuest?: boolean;
}

const EDITS: readonly Edit[] = [
  { kinds: ['moved'], act: edited({ start: at(8, 10), end: at(8, 11) }) },
  { kinds: ['resized'], act: edited({ end: at(7, 12) }) },
  { kinds: ['cancelled'], act: ({ cloud, ada, id }) => cloud.as(ada).remove(eventOf(ada, id)) },
  { kinds: ['status'], act: edited({ status: 'tentative' }) },
  { kinds: ['renamed'], act: edited({ summary: 'Retro' }) },
  { kinds: ['description'], act: edited({ description: 'Agenda' }) },
  { kinds: ['location'], act: edited({ location: 'Zurich' }) },
  {
    kinds: ['conference'],
    act: edited({ conferenceData: { createRequest: { requestId: 'r' } } }, '?conferenceDataVersion=1'),
  },
  {
    kinds: ['responded'],
    event: (bo) => ({ attendees: guests(bo) }),
    act: ({ cloud, bo, id }) => cloud.as(bo).patch(eventOf(bo, id), { attendees: guests(bo, 'accepted') }),
  },
  { kinds: ['invited'], act: ({ bo, edit }) => edit({ attendees: guests(bo) }) },
  { kinds: ['uninvited'], event: (bo) => ({ attendees: guests(bo) }), act: edited({ attendees: [] }) },
  {
    kinds: ['organizer'],
    event: (bo) => ({ attendees: guests(bo) }),
    ofGuest: true,
    act: async ({ cloud, ada, id }) => {
      const { id: team } = await cloud.as(ada).insert('calendars', { summary: 'Team' });
      await cloud.as(ada).call('POST', `${eventOf(ada, id)}/move?destination=${team}`);
    },
  },
  { kinds: ['recurrence'], event: SERIES, act: edited({ recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] }) },
  {
    kinds: ['reminders'],
    act: edited({ reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } }),
  },
  { kinds: ['visibility'], what: 'private', act: edited({ visibility: 'private' }) },
  { kinds: ['visibility'], what: 'free', act: edited({ transparency: 'transparent' }) },
  {
    kinds: ['attachments'],
    act: edited({ attachments: [{ fileUrl: 'https://drive.google.com/x' }] }, '?supportsAttachments=true'),
  },
  { kinds: ['properties'], act: edited({ extendedProperties: { private: { ticket: '7' } } }) },
  { kinds: ['other'], act: edited({ colorId: '7' }) },
  {
    kinds: ['touched'],
    act: async ({ cloud, ada, id }) => {
      const { body } = await cloud.as(ada).call('GET', eventOf(ada, id));
      cloud.calendar.putEvent(ada, { ...Object(body), etag: '"3"', updated: '2030-01-01T00:00:00.000Z' });
    },
  },
  {
    kinds: ['moved', 'resized', 'renamed'],
    act: edited({ summary: 'Retro', start: at(8, 10), end: at(8, 12) }),
  },
];

/** Creates a watch, and returns a function that returns the latest change announced after what is mirrored now. */
async function watched(cloud: Pipeline, spec: WatchSpec) {
  const watch = await cloud.register(spec);
  await cloud.processed(watch);
  await cloud.untilTrue();
  const { length } = cloud.history(watch);
  return { watch, news: () => cloud.history(watch).slice(length) };
}

/** Waits for a change with exactly these kinds, and checks its attributes. */
async function expectKinds(
  news: Awaited<ReturnType<typeof watched>>['news'],
  change: string,
  kinds: readonly string[],
) {
  await eventually(() => expect(news().map((each) => [each.change, each.kinds])).toEqual([[change, kinds]]));
  const attributes = Object.keys(news()[0]?.attributes ?? {}).filter((name) => name.startsWith('kind_'));
  expect(attributes.toSorted()).toEqual(kinds.map((kind) => `kind_${kind}`).toSorted());
  for (const name of attributes) expect(news()[0]?.attributes[name]).toBe('true');
}

test.for(EDITS.map((each) => ({ ...each, name: [...each.kinds, each.what].filter(Boolean).join(', ') })))(
  'an edit of an event is announced as $name',
  async ({ kinds, event, act, ofGuest = false }, { cloud }) => {
    const [ada, bo] = [cloud.newUser(), cloud.newUser('bo')];
    // Bo's calendar exists from the first call on.
    await cloud.as(bo).list(`calendars/${bo}/events`);
    const more = typeof event === 'function' ? event(bo) : event;
    const { id } = await cloud.as(ada).insert(`calendars/${ada}/events`, { ...REVIEW, ...more });
    const calendarId = ofGuest ? bo : ada;
    const { news } = await watched(cloud, { user: calendarId, resource: 'events', calendarId });
    const edit: Scene['edit'] = (body, query = '') => cloud.as(ada).patch(eventOf(ada, id) + query, body);
    await act({ cloud, ada, bo, id, edit });
    await expectKinds(news, kinds[0] === 'cancelled' ? 'deleted' : 'updated', kinds);
  },
);

test('an occurrence is announced as moved, cancelled, and restored', async ({ cloud }) => {
  const ada = cloud.newUser();
  const { id } = await cloud.as(ada).insert(`calendars/${ada}/events`, SERIES);
  const { news } = await watched(cloud, { user: ada, resource: 'events', calendarId: ada });
  const [second, third] = [`${id}_20300114T100000Z`, `${id}_20300121T100000Z`].map((each) =>
    eventOf(ada, each),
  );
  const told = () => news().map(({ change, kinds }) => [change, ...kinds].join(' '));
  await cloud.as(ada).patch(second ?? '', { start: at(9, 10), end: at(9, 11) });
  await eventually(() => expect(told()).toEqual(['created moved']));
  await cloud.as(ada).remove(third ?? '');
  await eventually(() => expect(told().at(-1)).toBe('created cancelled'));
  await cloud.as(ada).patch(third ?? '', { status: 'confirmed' });
  await eventually(() => expect(told().at(-1)).toBe('updated restored'));
  expect(news().at(-1)?.attributes).toMatchObject({ kind_restored: 'true' });
  await cloud.untilTrue();
});

test('a rule is announced as granted, role and revoked', async ({ cloud }) => {
  const [ada, bo] = [cloud.newUser(), cloud.newUser('bo')];
  const { news } = await watched(cloud, { user: ada, resource: 'acl', calendarId: ada });
  const rules = `calendars/${ada}/acl`;
  const { id } = await cloud.as(ada).insert(rules, { role: 'reader', scope: { type: 'user', value: bo } });
  await expectKinds(news, 'created', ['granted']);
  await cloud.as(ada).patch(`${rules}/${id}`, { role: 'writer' });
  await expectKinds(() => news().slice(1), 'updated', ['role']);
  await cloud.as(ada).remove(`${rules}/${id}`);
  await expectKinds(() => news().slice(2), 'deleted', ['revoked']);
});

test('a calendar of the list is announced with each of its kinds', async ({ cloud }) => {
  const [ada, lender] = [cloud.newUser(), cloud.newUser('lender')];
  const { id } = await cloud.as(lender).insert('calendars', { summary: 'lent' });
  const rules = `calendars/${id}/acl`;
  await cloud.as(lender).insert(rules, { role: 'reader', scope: { type: 'user', value: ada } });
  const { watch, news } = await watched(cloud, { user: ada, resource: 'calendarList' });
  const list = 'users/me/calendarList';
  await cloud.as(ada).insert(list, { id });
  await expectKinds(news, 'created', ['added']);
  const steps: readonly (readonly [string, object])[] = [
    ['renamed', { summaryOverride: 'Lent' }],
    ['hidden', { hidden: true }],
    ['shown', { hidden: false }],
    ['appearance', { colorId: '7' }],
    ['notifications', { defaultReminders: [{ method: 'popup', minutes: 5 }] }],
  ];
  for (const [index, [kind, body]] of steps.entries()) {
    await cloud.as(ada).patch(`${list}/${id}`, body);
    await expectKinds(() => news().slice(index + 1), 'updated', [kind]);
  }
  // Only a full list has changes of what the user cannot edit.
  const readOnly: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['timeZone', () => cloud.as(lender).patch(`calendars/${id}`, { timeZone: 'Asia/Tokyo' })],
    ['other', () => cloud.as(lender).patch(`calendars/${id}`, { description: 'of the lender' })],
    ['role', () => cloud.as(lender).patch(`${rules}/user:${ada}`, { role: 'writer' })],
  ];
  for (const [index, [kind, act]] of readOnly.entries()) {
    await act();
    const request = { reason: 'manual', watchId: watch, full: true } as const;
    const topic = cloud.pubsub.topic(NAMES.notifications, { messageOrdering: true });
    await topic.publishMessage(requestMessage(request, randomUUID(), new Date().toISOString()));
    await expectKinds(() => news().slice(steps.length + 1 + index), 'updated', [kind]);
  }
  await cloud.as(ada).remove(`${list}/${id}`);
  await expectKinds(() => news().slice(steps.length + readOnly.length + 1), 'deleted', ['removed']);
});

test('a setting is announced as value, and what a first sync finds without a kind', async ({ cloud }) => {
  const ada = cloud.newUser();
  const { watch, news } = await watched(cloud, { user: ada, resource: 'settings' });
  await cloud.setSetting(ada, 'format24HourTime', 'true');
  await eventually(() => expect(news().at(-1)).toMatchObject({ kinds: ['value'] }));
  await cloud.setSetting(ada, 'format24HourTime', 'false');
  await eventually(() => expect(news().at(-1)).toMatchObject({ change: 'updated', kinds: ['value'] }));
  const snapshots = cloud.history(watch).filter(({ change }) => change === 'snapshot');
  expect(snapshots.map(({ kinds }) => kinds)).toEqual(snapshots.map(() => []));
});

test('each kind of an event is tested', () => {
  const tested = new Set(EDITS.flatMap(({ kinds }) => kinds));
  expect(KINDS.events.filter((kind) => !tested.has(kind))).toEqual(['restored']);
});
