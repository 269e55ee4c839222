/** `infra/terraform` against the providers' own schemas: what `terraform validate` would say, without Terraform and its providers. */
import { describe, expect, test } from 'vitest';
import { configurationOf, readConfiguration, readTexts } from '../../support/terraform/configuration.ts';
import { MODULE } from '../../support/terraform/module.ts';
import { problemsOf } from '../../support/terraform/problems.ts';
import { readSchema } from '../../support/terraform/schema.ts';

const schema = readSchema();

test.each([
  ['the module', MODULE],
  ['the example', `${MODULE}example/`],
])(
  '%s names only what the providers know, gives all they ask for, and refers to what is there',
  async (_, folder) => {
    expect(problemsOf(await readConfiguration(folder), schema)).toEqual([]);
  },
);

test('the providers whose schemas these are may be installed', () => {
  const { 'versions.tf': versions = '' } = readTexts(MODULE);
  for (const [provider, version] of Object.entries(schema.providers)) {
    const [, major = '', minor = ''] =
      new RegExp(`source += "hashicorp/${provider}"\\s+version = "~> (\\d+)\\.(\\d+)"`).exec(versions) ?? [];
    expect(version).toMatch(new RegExp(`^${major}\\.`));
    expect(Number(version.split('.')[1])).toBeGreaterThanOrEqual(Number(minor));
  }
});

describe('a slip in the module is found:', () => {
  const slips: readonly (readonly [string, string, string, string, string])[] = [
    [
      'a misspelt attribute',
      'sync.tf',
      'ack_deadline_seconds ',
      'ack_deadline_second ',
      'google_pubsub_subscription.sync: there is no ack_deadline_second',
    ],
    [
      'a misspelt block',
      'sync.tf',
      'dead_letter_policy {',
      'dead_letters_policy {',
      'google_pubsub_subscription.sync: there is no dead_letters_policy',
    ],
    [
      'a misspelt attribute in a block',
      'sync.tf',
      'max_delivery_attempts',
      'max_deliveries',
      'google_pubsub_subscription.sync.dead_letter_policy: there is no max_deliveries',
    ],
    [
      'a misspelt attribute in a dynamic block',
      'firestore.tf',
      'field_path',
      'field_name',
      'google_firestore_index.events.fields: there is no field_name',
    ],
    [
      'a misspelt type',
      'topics.tf',
      'resource "google_pubsub_schema"',
      'resource "google_pubsub_scheme"',
      'google_pubsub_scheme.changes: the providers know no resource google_pubsub_scheme',
    ],
    [
      'a missing attribute',
      'renew.tf',
      'role     = "roles/run.invoker"',
      '',
      'google_cloud_run_v2_service_iam_member.scheduler_calls_renew: role is missing',
    ],
    [
      'a missing block',
      'channel-token-keys.tf',
      'special = false',
      '}\nresource "google_secret_manager_secret" "other" {\nsecret_id = "other"',
      'google_secret_manager_secret.other: replication is missing',
    ],
    [
      'an attribute where a block is wanted',
      'topics.tf',
      'expiration_policy {',
      'expiration_policy = {',
      'google_pubsub_subscription.dead_letters_reader.expiration_policy is a block',
    ],
    [
      'a block twice',
      'topics.tf',
      'expiration_policy {',
      'expiration_policy {\nttl = ""\n}\nexpiration_policy {',
      'google_pubsub_subscription.dead_letters_reader: more than one expiration_policy',
    ],
    [
      'a value of another kind',
      'sync.tf',
      'ack_deadline_seconds       = 600',
      'ack_deadline_seconds = "ten"',
      'google_pubsub_subscription.sync.ack_deadline_seconds is no number',
    ],
    [
      'what only the cloud says',
      'build.tf',
      'display_name = "Builds',
      'email = "a@b.c"\ndisplay_name = "Builds',
      'google_service_account.build.email is for the cloud to say',
    ],
    [
      'a variable that is not there',
      'sync.tf',
      'var.private_ingress',
      'var.ingress',
      'google_cloudfunctions2_function.sync: there is no var.ingress',
    ],
    [
      'a local that is not there',
      'sync.tf',
      'local.week',
      'local.year',
      'google_pubsub_subscription.sync: there is no local.year',
    ],
    [
      'a resource that is not there',
      'sync.tf',
      'google_pubsub_topic.dead_letters.id',
      'google_pubsub_topic.dead.id',
      'google_pubsub_subscription.sync: there is no google_pubsub_topic.dead.id',
    ],
    [
      'an attribute of another resource that is not there',
      'outputs.tf',
      'receive.url',
      'receive.link',
      'output.receive_url: there is no link in link',
    ],
    [
      'such an attribute in a block',
      'renew.tf',
      'service_config[0].uri\n    oidc',
      'service_config[0].url\n    oidc',
      'google_cloud_scheduler_job.renew: there is no url in service_config.0.url',
    ],
  ];

  test.each(slips)('%s', async (_, file, from, to, problem) => {
    const texts = readTexts(MODULE);
    const text = texts[file] ?? '';
    expect(text).toContain(from);
    const slipped = await configurationOf({ ...texts, [file]: text.replace(from, to) });
    expect(problemsOf(slipped, schema)).toContain(problem);
  });
});
