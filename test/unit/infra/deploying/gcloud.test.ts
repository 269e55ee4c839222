/** The gcloud way creates what Terraform creates, resource by resource. */
import { describe, expect, test } from 'vitest';
import { plannedResources, WITHOUT } from '../../../support/gcloud/planned.ts';
import { createdBy } from '../../../support/gcloud/resources.ts';
import { commandsOf, shellIn, unsetIn } from '../../../support/shell.ts';
import { readConfiguration } from '../../../support/terraform/configuration.ts';
import { MODULE } from '../../../support/terraform/module.ts';
import { planOf, type Plan } from '../../../support/terraform/plan.ts';

const PLACE = { project: 'my-project', region: 'europe-west1' };
const GIVEN = { project_id: PLACE.project, region: PLACE.region };

const configuration = await readConfiguration(MODULE);
const plan = (given: Parameters<typeof planOf>[1] = {}): Plan =>
  planOf(configuration, { ...GIVEN, ...given });

const installing = commandsOf(shellIn('infra/gcloud.md', '## Installing'));
const credentials = commandsOf(shellIn('infra/gcloud.md', '## Other credentials'));
const forOAuth = credentials.findIndex((command) => command.includes('secretAccessor'));
const forFirestore = credentials.findIndex((command) => command.includes('cloudkms'));

/** With Terraform, the agent exists as soon as a grant names it. */
const { 'agent of pubsub.googleapis.com': agent, ...created } = createdBy(installing, PLACE);

/** Returns what the given commands create in addition to the installation. */
const createdWith = (more: readonly string[]) => {
  const { 'agent of pubsub.googleapis.com': _, ...all } = createdBy([...installing, ...more], PLACE);
  return all;
};

/** The command that creates a resource of each kind. */
const CREATORS = {
  topic: /^gcloud pubsub topics create ([\w-]+)/,
  schema: /^gcloud pubsub schemas create ([\w-]+)/,
  subscription: /^gcloud pubsub subscriptions create ([\w-]+)/,
  account: /^gcloud iam service-accounts create ([\w-]+)/,
  secret: / gcloud secrets create ([\w-]+)/,
  function: /^gcloud functions deploy ([\w-]+)/,
  job: /^gcloud scheduler jobs create http ([\w-]+)/,
};
const namesOf = (kind: keyof typeof CREATORS, commands = installing): readonly string[] =>
  commands.flatMap((command) => CREATORS[kind].exec(command)?.[1] ?? []);

const USES: readonly (readonly [keyof typeof CREATORS, RegExp])[] = [
  ['topic', /--(?:dead-letter-)?topic=([\w-]+)/g],
  ['topic', /pubsub topics add-iam-policy-binding ([\w-]+)/g],
  ['schema', /--schema=([\w-]+)/g],
  ['subscription', /pubsub subscriptions add-iam-policy-binding ([\w-]+)/g],
  ['account', /(?:serviceAccount:|-account=|-account-email=)([\w-]+)@\$AT/g],
  ['secret', /secrets add-iam-policy-binding ([\w-]+)|CHANNEL_TOKEN_KEYS=([\w-]+):/g],
  ['function', /functions describe ([\w-]+)|run services add-iam-policy-binding ([\w-]+)/g],
];

/** Returns the position of the first command that contains a text. */
const indexOf = (part: string): number => installing.findIndex((command) => command.includes(part));

describe('the gcloud way', () => {
  test('uses only resources that an earlier command created', () => {
    const uses = installing.flatMap((command, index) =>
      USES.flatMap(([kind, pattern]) =>
        [...command.matchAll(pattern)].map(([, one, other]) => ({ kind, name: one ?? other ?? '', index })),
      ),
    );
    expect(new Set(uses.map(({ kind }) => kind)).size).toBe(6);
    const isThere = ({ kind, name, index }: (typeof uses)[0]): boolean =>
      namesOf(kind, installing.slice(0, index)).includes(name);
    expect(uses.filter((use) => !isThere(use))).toEqual([]);
  });

  test('sets every variable before it is used', () => {
    expect(installing.length).toBeGreaterThan(50);
    expect(unsetIn(commandsOf(shellIn('infra/gcloud.md')))).toEqual([]);
  });

  test('creates the resources that Terraform creates, with the same settings', () => {
    expect(Object.keys(created).length).toBeGreaterThan(70);
    expect(created).toEqual(plannedResources(plan()));
  });

  test('creates the agent of Pub/Sub before it grants it anything', () => {
    expect(agent).toEqual({});
    expect(indexOf('services identity create')).toBeGreaterThan(-1);
    expect(indexOf('services identity create')).toBeLessThan(indexOf('--member=$AGENT'));
  });

  test.each([
    ['delegation', credentials.slice(0, forOAuth)],
    ['oauth', credentials.slice(forOAuth, forFirestore)],
  ])('grants what Terraform grants with calendar_auth = %s', (mode, commands) => {
    expect(createdWith(commands)).toEqual(plannedResources(plan({ calendar_auth: mode })));
  });

  test('creates the key that Terraform creates for refresh tokens in Firestore, with its grants', () => {
    const operators = { oauth_token_store: 'firestore', oauth_token_operators: ['user:ada@example.com'] };
    expect(createdWith(credentials.slice(forOAuth))).toEqual(
      plannedResources(plan({ calendar_auth: 'oauth', ...operators })),
    );
  });
});

/** The installation with one text replaced by another. */
function changed(from: string, to: string): readonly string[] {
  const index = indexOf(from);
  if (index < 0) throw new Error(`no command has ${from}`);
  return installing.with(index, (installing[index] ?? '').replace(from, to));
}

describe('a diverging gcloud way is noticed:', () => {
  test.each([
    ['--message-retention-duration=7d', '--message-retention-duration=6d', 'topic calendar-notifications'],
    ['allowed-regions=$REGION', 'allowed-regions=us-east1', 'topic calendar-notifications'],
    [',PUBSUB_ENDPOINT=$PUBSUB', '', 'function calendar-sync'],
    ['httpRequest.status>=400', 'httpRequest.status>=500', 'exclusion calendar-receive-rejected'],
    ['--ack-deadline=600', '--ack-deadline=60', 'subscription calendar-sync'],
    ['/topics/calendar-notifications --push', '/topics/calendar --push', 'subscription calendar-sync'],
    ['--max-instances=10', '--max-instances=100', 'function calendar-sync'],
    ['--memory=256Mi', '--memory=128Mi', 'function calendar-receive'],
    [',CHANGES_TOPIC=calendar-changes', '', 'function calendar-sync'],
    [',CLOCK_TOPIC=calendar-clock', '', 'function calendar-sync'],
    ['--index=order=descending', '', 'field calendar-mirror events.startsAt'],
    ['--disable-indexes', '--index=order=ascending', 'field calendar-mirror acl.*'],
    ['field-path=startsAt', 'field-path=endsAt', 'index calendar-mirror events activeUntil,startsAt'],
    ['--enable-pitr', '', 'database calendar-mirror'],
    ["--schedule='* * * * *'", "--schedule='*/5 * * * *'", 'job calendar-renew'],
    ['"keepCount": 10', '"keepCount": 1', 'cleanup of calendar-mirror'],
    ['calendar-messages.avsc', 'change.1.json', 'schema calendar-messages'],
    ['calendar-moments.avsc', 'change.1.json', 'schema calendar-moments'],
    [' --schema=calendar-moments --message-encoding=json', '', 'topic calendar-clock'],
    ['storage.googleapis.com', '', 'API storage.googleapis.com'],
    [
      'roles/datastore.user',
      'roles/datastore.owner',
      'grant of roles/datastore.user on project my-project to serviceAccount:calendar-sync@my-project.iam.gserviceaccount.com',
    ],
  ])('%s replaced by "%s"', (from, to, key) => {
    const diverging = createdBy(changed(from, to), PLACE);
    expect(diverging[key]).not.toEqual(created[key]);
  });

  test.each([
    ['--message-retention-duration', '--message-retention', '--message-retention-duration is missing'],
    ['--enable-message-ordering', '--message-ordering', '--message-ordering is not known here'],
    [' --async', '', '--async is missing'],
    [' --no-dry-run', '', '--no-dry-run is missing'],
    ['pubsub topics create', 'pubsub topic create', 'not a known command'],
    ['$AGENT', '$AGENTS', 'AGENTS is not set'],
  ])('%s replaced by "%s" is an error', (from, to, message) => {
    expect(() => createdBy(changed(from, to), PLACE)).toThrow(message);
  });

  test('a type or an attribute of Terraform that has no counterpart is an error', () => {
    const { resources } = plan();
    const topic = resources.find(({ type }) => type === 'google_pubsub_topic');
    if (topic === undefined) throw new Error('the plan has no topic');
    const withResource = (resource: Partial<typeof topic>): Plan => ({
      ...plan(),
      resources: [...resources, { ...topic, ...resource }],
    });
    expect(() => plannedResources(withResource({ type: 'google_pubsub_lite_topic' }))).toThrow('not known');
    const values = { ...topic.values, ingestion_data_source_settings: [] };
    expect(() => plannedResources(withResource({ values }))).toThrow('ingestion_data_source_settings');
  });

  test('every type that the gcloud way leaves out is one that Terraform creates', () => {
    const types = new Set(plan().resources.map(({ type }) => type));
    expect(Object.keys(WITHOUT).filter((type) => !types.has(type))).toEqual([]);
  });
});
