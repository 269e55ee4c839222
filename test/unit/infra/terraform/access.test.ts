/** IAM grants, subscriptions and secrets, for each set of variables. */
import { describe, expect, test } from 'vitest';
import { readConfiguration, readTexts } from '../../../support/terraform/configuration.ts';
import { ofType, wordOf } from '../../../support/terraform/deployed.ts';
import { MODULE, PLAIN, WAYS } from '../../../support/terraform/module.ts';
import { planOf, type Plan, type Planned } from '../../../support/terraform/plan.ts';

const configuration = await readConfiguration(MODULE);
const ways = Object.entries(WAYS).map(([way, given]) => [way, planOf(configuration, given)] as const);

const grantsOf = (plan: Plan): readonly Planned[] =>
  plan.resources.filter(({ type }) => /_iam_(member|binding|policy)$/.test(type));
/** Returns each role that an account is granted, with the resource that it is granted on. */
const grantsTo = (plan: Plan, account: string): readonly (readonly [unknown, unknown])[] =>
  grantsOf(plan)
    .filter(({ values }) => values['member'] === `<google_service_account.${account}.member>`)
    .map(
      ({ values: { role, topic, secret_id: secret, name } }) =>
        [role, topic ?? secret ?? name ?? 'the project'] as const,
    )
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

const topicsOf = (plan: Plan, account: string): readonly unknown[] =>
  grantsTo(plan, account).flatMap(([role, topic]) => (role === 'roles/pubsub.publisher' ? [topic] : []));

describe.each(ways)('%s', (way, plan) => {
  test('no account is granted a broad role, and no grant removes grants of others', () => {
    for (const { type, values } of grantsOf(plan)) {
      expect(values['role']).not.toMatch(/^roles\/(owner|editor|viewer|.*[aA]dmin)$/);
      expect(type).toMatch(/_iam_member$/);
    }
  });

  test('only receive is public', () => {
    const open = grantsOf(plan).filter(({ values }) =>
      /^all(Authenticated)?Users$/.test(wordOf(values['member'])),
    );
    const expected = way.includes('check of receive off')
      ? []
      : [['roles/run.invoker', 'calendar-receive', 'allUsers']];
    expect(open.map(({ values }) => [values['role'], values['name'], values['member']])).toEqual(expected);
    expect(
      ofType(plan, 'terraform_data').filter(({ name }) => name === 'receive_without_check'),
    ).toHaveLength(1 - expected.length);
  });

  test('receive may only publish to one topic and read one secret', () => {
    expect(grantsTo(plan, 'receive')).toEqual([
      ['roles/pubsub.publisher', 'calendar-notifications'],
      ['roles/secretmanager.secretAccessor', 'channel-token-keys'],
    ]);
  });

  test('the accounts that call private functions may do nothing else', () => {
    expect(grantsTo(plan, 'push')).toEqual([['roles/run.invoker', 'calendar-sync']]);
    expect(grantsTo(plan, 'scheduler')).toEqual([['roles/run.invoker', 'calendar-renew']]);
  });

  test('sync publishes to four topics and renew to one, and both use the one database', () => {
    expect(topicsOf(plan, 'sync')).toEqual([
      'calendar-changes',
      'calendar-clock',
      'calendar-dead-letters',
      'calendar-notifications',
    ]);
    expect(topicsOf(plan, 'renew')).toEqual(['calendar-notifications']);
    for (const { values } of grantsOf(plan).filter(
      (grant) => grant.values['role'] === 'roles/datastore.user',
    ))
      expect(values['condition']).toMatchObject([
        {
          expression: expect.stringMatching(
            /^resource\.name == "projects\/some-project\/databases\/calendar-mirror"$/,
          ),
        },
      ]);
  });

  test('every subscription has a dead-letter topic and the grants for it, and never expires', () => {
    const agent =
      'serviceAccount:service-<data.google_project.this.number>@gcp-sa-pubsub.iam.gserviceaccount.com';
    const ofAgent = grantsOf(plan).filter(({ values }) => values['member'] === agent);
    expect(ofAgent.map(({ values }) => [values['role'], values['topic']])).toContainEqual([
      'roles/pubsub.publisher',
      'calendar-dead-letters',
    ]);
    for (const { name, values } of ofType(plan, 'google_pubsub_subscription')) {
      expect(values['expiration_policy']).toEqual([{ ttl: '' }]);
      // Dead letters have no dead-letter topic of their own.
      if (name === 'dead_letters_reader') continue;
      expect(values['dead_letter_policy']).toMatchObject([
        { dead_letter_topic: '<google_pubsub_topic.dead_letters.id>' },
      ]);
      expect(values['retry_policy']).toHaveLength(1);
      expect(ofAgent.map(({ values: grant }) => [grant['role'], grant['subscription']])).toContainEqual([
        'roles/pubsub.subscriber',
        values['name'],
      ]);
    }
  });

  test('a subscription keeps dead letters for a month', () => {
    const reader = ofType(plan, 'google_pubsub_subscription').find(
      ({ name }) => name === 'dead_letters_reader',
    );
    expect(reader?.values).toMatchObject({
      name: 'calendar-dead-letters-reader',
      topic: '<google_pubsub_topic.dead_letters.id>',
      message_retention_duration: '2678400s',
    });
  });

  test('notifications are pushed to sync in order, with its audience, and topics retain a week', () => {
    const subscription = ofType(plan, 'google_pubsub_subscription').find(({ name }) => name === 'sync');
    const uri = '<google_cloudfunctions2_function.private["sync"].service_config[0].uri>';
    expect(subscription?.values).toMatchObject({
      name: 'calendar-sync',
      topic: '<google_pubsub_topic.notifications.id>',
      enable_message_ordering: true,
      push_config: [
        {
          push_endpoint: `${uri}/<google_pubsub_topic.notifications.id>`,
          oidc_token: [{ audience: uri, service_account_email: '<google_service_account.push.email>' }],
        },
      ],
    });
    for (const { values } of ofType(plan, 'google_pubsub_topic'))
      expect(Number.parseInt(wordOf(values['message_retention_duration']), 10)).toBeGreaterThanOrEqual(
        604_800,
      );
  });

  test('the state contains no key', () => {
    for (const { values } of ofType(plan, 'google_secret_manager_secret_version')) {
      expect(values['secret_data']).toBeUndefined();
      expect(values['secret_data_wo']).toMatch(
        /^k\d:<ephemeral\.random_password\.channel_token_key\.result>/,
      );
    }
  });
});

/** Returns who may do what with the key of refresh tokens. */
const keyGrants = (of: Plan): readonly unknown[] =>
  ofType(of, 'google_kms_crypto_key_iam_member').map(({ values }) => [values['member'], values['role']]);

describe('the key of refresh tokens in Firestore', () => {
  const plan = planOf(configuration, WAYS['with OAuth, and tokens in Firestore']);

  test('sync and renew may decrypt, and only operators encrypt', () => {
    expect(keyGrants(plan)).toEqual([
      ['<google_service_account.renew.member>', 'roles/cloudkms.cryptoKeyDecrypter'],
      ['<google_service_account.sync.member>', 'roles/cloudkms.cryptoKeyDecrypter'],
      ['user:ada@example.com', 'roles/cloudkms.cryptoKeyEncrypterDecrypter'],
    ]);
  });

  test('is rotated, and no plan destroys it or its ring', () => {
    const [key] = ofType(plan, 'google_kms_crypto_key');
    expect(key?.values).toMatchObject({ purpose: 'ENCRYPT_DECRYPT', rotation_period: '31536000s' });
    for (const name of ['google_kms_key_ring', 'google_kms_crypto_key']) {
      const block = new RegExp(`resource "${name}" [^]*?\n}\n`).exec(
        readTexts(MODULE)['oauth-tokens.tf'] ?? '',
      );
      expect(block?.[0]).toMatch(/prevent_destroy = true/);
    }
  });

  test('is not created for an existing key, nor for other stores and credentials', () => {
    const key = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
    const existing = planOf(configuration, {
      ...WAYS['with OAuth, and tokens in Firestore'],
      oauth_kms_key: key,
    });
    expect(ofType(existing, 'google_kms_crypto_key')).toEqual([]);
    expect(
      ofType(existing, 'google_kms_crypto_key_iam_member').map(({ values }) => values['crypto_key_id']),
    ).toEqual([key, key, key]);
    for (const given of [
      { ...PLAIN, calendar_auth: 'oauth' },
      { ...PLAIN, oauth_token_store: 'firestore' },
    ]) {
      const other = planOf(configuration, given);
      expect([...ofType(other, 'google_kms_crypto_key'), ...keyGrants(other)]).toEqual([]);
    }
  });
});

const previousOf = (plan: Plan): readonly Planned[] =>
  plan.resources.filter(({ kind, name }) => kind === 'ephemeral' && name === 'previous');

test('during a rotation the secret has two versions, of which the functions use the new one', () => {
  const plan = planOf(configuration, WAYS['during a rotation of the key']);
  const versions = ofType(plan, 'google_secret_manager_secret_version');
  expect(versions.map(({ address }) => address)).toEqual([
    'google_secret_manager_secret_version.channel_token_keys["1"]',
    'google_secret_manager_secret_version.channel_token_keys["2"]',
  ]);
  for (const name of ['receive', 'private["renew"]']) {
    const deployed = plan.resources.find(
      ({ address }) => address === `google_cloudfunctions2_function.${name}`,
    );
    expect(JSON.stringify(deployed?.values)).toContain('channel_token_keys[\\"2\\"].version');
  }
});

test('the old secret is read during a rotation only', () => {
  expect(previousOf(planOf(configuration, PLAIN))).toEqual([]);
  expect(previousOf(planOf(configuration, WAYS['during a rotation of the key']))).toMatchObject([
    { values: { secret: '<google_secret_manager_secret.channel_token_keys.id>' } },
  ]);
});
