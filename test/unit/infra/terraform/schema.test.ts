/** Validates `infra/terraform` against the providers' schemas, like `terraform validate` but without Terraform. */
import { describe, expect, test } from 'vitest';
import { configurationOf, readConfiguration, readTexts } from '../../../support/terraform/configuration.ts';
import { MODULE } from '../../../support/terraform/module.ts';
import { problemsOf } from '../../../support/terraform/problems.ts';
import { extractSchemas } from '../../../support/terraform/extract-schema.ts';
import { readSchemas, schemaOf } from '../../../support/terraform/schema.ts';
import { typesInUse } from '../../../support/terraform/types-in-use.ts';

const schemas = readSchemas();

test.each([
  ['the module', MODULE],
  ['the example', `${MODULE}example/`],
  ['the trigger of Eventarc', `${MODULE}../examples/push/eventarc/`],
  ['a subscription with a filter', `${MODULE}../examples/filter-by-kind/`],
])(
  '%s has only known resources and arguments, all required ones, and no dangling reference',
  async (_, folder) => {
    expect(problemsOf(await readConfiguration(folder), schemas)).toEqual([]);
  },
);

test('schema.json has every type that is in use, and nothing else', () => {
  expect(typesInUse().length).toBeGreaterThan(25);
  for (const { kind, type } of typesInUse())
    expect([type, schemaOf(schemas, kind, type)]).not.toContain(undefined);
  expect(extractSchemas(schemas)).toEqual(schemas);
});

test('the schemas are of provider versions that versions.tf allows', () => {
  const { 'versions.tf': versions = '' } = readTexts(MODULE);
  const allowed = [...versions.matchAll(/source += "hashicorp\/(\w+)"\s+version = "~> (\d+)\.(\d+)"/g)];
  expect(allowed.map(([, provider = '']) => provider).toSorted()).toEqual(
    Object.keys(schemas.provider_schemas).toSorted(),
  );
  for (const [, provider = '', major = '', minor = ''] of allowed) {
    const { version = '' } = schemas.provider_schemas[provider] ?? {};
    expect(version).toMatch(new RegExp(`^${major}\\.`));
    expect(Number(version.split('.')[1])).toBeGreaterThanOrEqual(Number(minor));
  }
});

describe('a mistake in the module is found:', () => {
  const mistakes: readonly (readonly [string, string, string, string, string])[] = [
    [
      'a misspelt attribute',
      'sync.tf',
      'ack_deadline_seconds ',
      'ack_deadline_second ',
      'google_pubsub_subscription.sync: unknown argument or block ack_deadline_second',
    ],
    [
      'a misspelt block',
      'sync.tf',
      'dead_letter_policy {',
      'dead_letters_policy {',
      'google_pubsub_subscription.sync: unknown argument or block dead_letters_policy',
    ],
    [
      'a misspelt attribute in a block',
      'sync.tf',
      'max_delivery_attempts',
      'max_deliveries',
      'google_pubsub_subscription.sync.dead_letter_policy: unknown argument or block max_deliveries',
    ],
    [
      'a misspelt attribute in a dynamic block',
      'firestore.tf',
      'kms_key_name = cmek_config',
      'kms_key_id = cmek_config',
      'google_firestore_database.mirror.cmek_config: unknown argument or block kms_key_id',
    ],
    [
      'a misspelt type',
      'topics.tf',
      'resource "google_pubsub_schema"',
      'resource "google_pubsub_scheme"',
      'google_pubsub_scheme.messages: unknown resource type google_pubsub_scheme',
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
      'ephemeral-keys.tf',
      'special = false',
      '}\nresource "google_secret_manager_secret" "other" {\nsecret_id = "other"',
      'google_secret_manager_secret.other: replication is missing',
    ],
    [
      'an attribute instead of a block',
      'topics.tf',
      'expiration_policy {',
      'expiration_policy = {',
      'google_pubsub_subscription.dead_letters_reader.expiration_policy must be a block',
    ],
    [
      'a repeated block',
      'topics.tf',
      'expiration_policy {',
      'expiration_policy {\nttl = ""\n}\nexpiration_policy {',
      'google_pubsub_subscription.dead_letters_reader: more than one expiration_policy',
    ],
    [
      'a value of another type',
      'sync.tf',
      'ack_deadline_seconds       = 600',
      'ack_deadline_seconds = "ten"',
      'google_pubsub_subscription.sync.ack_deadline_seconds is not a number',
    ],
    [
      'a read-only attribute',
      'build.tf',
      'account_id                   = "calendar-build"',
      'email = "a@b.c"\naccount_id = "calendar-build"',
      'google_service_account.build.email is read-only',
    ],
    [
      'an undeclared variable',
      'private-functions.tf',
      'var.private_ingress',
      'var.ingress',
      'google_cloudfunctions2_function.private: var.ingress is not declared',
    ],
    [
      'an undeclared local',
      'sync.tf',
      'local.week',
      'local.year',
      'google_pubsub_subscription.sync: local.year is not declared',
    ],
    [
      'an undeclared resource',
      'sync.tf',
      'google_pubsub_topic.dead_letters.id',
      'google_pubsub_topic.dead.id',
      'google_pubsub_subscription.sync: google_pubsub_topic.dead.id is not declared',
    ],
    [
      'an unknown attribute of another resource',
      'outputs.tf',
      'receive.url',
      'receive.link',
      'output.receive_url: unknown attribute link in link',
    ],
    [
      'an unknown attribute in a block of another resource',
      'renew.tf',
      'service_config[0].uri\n    oidc',
      'service_config[0].url\n    oidc',
      'google_cloud_scheduler_job.renew: unknown attribute url in service_config.0.url',
    ],
  ];

  test.each(mistakes)('%s', async (_, file, from, to, problem) => {
    const texts = readTexts(MODULE);
    const text = texts[file] ?? '';
    expect(text).toContain(from);
    const mistaken = await configurationOf({ ...texts, [file]: text.replace(from, to) });
    expect(problemsOf(mistaken, schemas)).toContain(problem);
  });
});
