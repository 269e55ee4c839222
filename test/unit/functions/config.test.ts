import { createSecretKey, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ConfigurationError,
  configure,
  readReceiveConfig,
  readRenewConfig,
  readSyncConfig,
} from '../../../functions/config.ts';
import { readCommandConfig } from '../../../infra/cli/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SECRET = 'YSBzZWNyZXQgdGhhdCBpcyBvZiBzb21lIGxlbmd0aC4=';
/** Without its padding. */
const BARE = SECRET.slice(0, -1);
const GIVEN: Environment = {
  GOOGLE_CLOUD_PROJECT: 'my-project',
  CHANNEL_TOKEN_KEYS: `k1:${SECRET}`,
  CHANNEL_ADDRESS: 'https://receive.example.com/',
};

const READERS = { receive: readReceiveConfig, sync: readSyncConfig, renew: readRenewConfig };
const problem = (read: (environment: Environment) => unknown, environment: Environment): string => {
  try {
    read(environment);
    return 'no problem';
  } catch (error) {
    if (error instanceof ConfigurationError && error.name === 'ConfigurationError') return error.message;
    throw error;
  }
};

describe('the minimal configuration', () => {
  test('of receive is a project and keys', () => {
    expect(readReceiveConfig(GIVEN)).toEqual({
      GOOGLE_CLOUD_PROJECT: 'my-project',
      NOTIFICATIONS_TOPIC: 'calendar-notifications',
      PUBSUB_ENDPOINT: 'https://pubsub.googleapis.com',
      CHANNEL_TOKEN_KEYS: [
        { id: 'k1', secret: createSecretKey(Buffer.from('a secret that is of some length.')) },
      ],
    });
  });

  test('of sync is a project', () => {
    expect(readSyncConfig({ GOOGLE_CLOUD_PROJECT: 'my-project' })).toMatchObject({
      FIRESTORE_DATABASE: '(default)',
      CALENDAR_AUTH: 'service-account',
      NOTIFICATIONS_TOPIC: 'calendar-notifications',
      CHANGES_TOPIC: 'calendar-changes',
      DEAD_LETTERS_TOPIC: 'calendar-dead-letters',
      MIN_SYNC_INTERVAL_SECONDS: 2,
      RECONCILE_SECONDS: 2_592_000,
    });
  });

  test('of renew is a project, keys and the address of receive', () => {
    expect(readRenewConfig(GIVEN)).toMatchObject({
      CHANNEL_ADDRESS: 'https://receive.example.com/',
      CHANNEL_TTL_SECONDS: 604_800,
      RENEW_BEFORE_SECONDS: 86_400,
      MAX_STALENESS_SECONDS: 21_600,
      POLL_SECONDS: 900,
      RECONCILE_SECONDS: 2_592_000,
    });
  });

  test('ignores empty variables', () => {
    const empty = { CHANGES_TOPIC: '', CALENDAR_API_ROOT_URL: '', MIN_SYNC_INTERVAL_SECONDS: '' };
    expect(readSyncConfig({ ...GIVEN, ...empty })).toEqual(readSyncConfig(GIVEN));
  });
});

describe('a function does not start and names the variable', () => {
  test.each([
    ['receive', 'GOOGLE_CLOUD_PROJECT'],
    ['receive', 'CHANNEL_TOKEN_KEYS'],
    ['sync', 'GOOGLE_CLOUD_PROJECT'],
    ['renew', 'GOOGLE_CLOUD_PROJECT'],
    ['renew', 'CHANNEL_TOKEN_KEYS'],
    ['renew', 'CHANNEL_ADDRESS'],
  ] as const)('if %s lacks %s', (name, variable) => {
    for (const value of [undefined, '']) {
      const text = problem(READERS[name], { ...GIVEN, [variable]: value });
      expect(text).toContain(`Cannot start: ${variable} is not set.`);
    }
  });

  test.each([
    ['receive', 'NOTIFICATIONS_TOPIC', 'x'],
    ['receive', 'NOTIFICATIONS_TOPIC', 'goog-topic'],
    ['receive', 'NOTIFICATIONS_TOPIC', 'a b c'],
    ['receive', 'NOTIFICATIONS_TOPIC', 'my topic'],
    ['receive', 'NOTIFICATIONS_TOPIC', 'topic 1'],
    ['receive', 'NOTIFICATIONS_TOPIC', 'ab'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'no pair'],
    ['receive', 'CHANNEL_TOKEN_KEYS', `:${SECRET}`],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:='],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:not base64!'],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:!${SECRET}`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:${SECRET}!`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:${BARE}cd`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:${BARE}===`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:${SECRET}\nk2:${SECRET}`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:${SECRET},`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k1:${SECRET},k1:${SECRET}`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `k&1:${SECRET}`],
    ['receive', 'CHANNEL_TOKEN_KEYS', `${'k'.repeat(33)}:${SECRET}`],
    ['sync', 'CHANGES_TOPIC', '1st-topic'],
    ['sync', 'DEAD_LETTERS_TOPIC', 'a'.repeat(256)],
    ['sync', 'MIN_SYNC_INTERVAL_SECONDS', 'soon'],
    ['sync', 'MIN_SYNC_INTERVAL_SECONDS', '-1'],
    ['sync', 'SYNC_DEADLINE_SECONDS', '-1'],
    ['sync', 'SYNC_DEADLINE_SECONDS', '31536001'],
    ['sync', 'CALENDAR_AUTH', 'magic'],
    ['sync', 'CALENDAR_API_ROOT_URL', 'localhost:9199'],
    ['sync', 'CALENDAR_API_ROOT_URL', 'ftp://localhost/'],
    ['sync', 'CALENDAR_API_ROOT_URL', 'ftp://localhost/http:'],
    ['sync', 'CALENDAR_API_ROOT_URL', 'https://'],
    ['sync', 'DELEGATION_SERVICE_ACCOUNT', 'mirror'],
    ['sync', 'DELEGATION_SERVICE_ACCOUNT', 'the mirror@example.com'],
    ['sync', 'DELEGATION_SERVICE_ACCOUNT', 'mirror@example.com and others'],
    ['sync', 'DELEGATION_SERVICE_ACCOUNT', 'mirror@example@com'],
    ['sync', 'OAUTH_TOKEN_URL', '/token'],
    ['renew', 'IAM_CREDENTIALS_ROOT_URL', 'iamcredentials.googleapis.com'],
    ['renew', 'SECRET_MANAGER_ROOT_URL', 'ftp://localhost/'],
    ['renew', 'CHANNEL_ADDRESS', 'receive.example.com'],
    ['renew', 'CHANNEL_ADDRESS', 'http://receive.example.com'],
    ['renew', 'CHANNEL_TTL_SECONDS', '0'],
    ['renew', 'CHANNEL_TTL_SECONDS', 'a week'],
    ['renew', 'RENEW_BEFORE_SECONDS', '-1'],
    ['renew', 'MAX_STALENESS_SECONDS', '1e12'],
    ['renew', 'POLL_SECONDS', '0'],
    ['sync', 'RECONCILE_SECONDS', '-1'],
    ['renew', 'RECONCILE_SECONDS', '31536001'],
  ] as const)('if %s has %s=%s', (name, variable, value) => {
    expect(problem(READERS[name], { ...GIVEN, [variable]: value })).toMatch(
      new RegExp(`^Cannot start: ${variable} (is|must|names) \\w.*\\. See infra/configuration\\.md\\.$`),
    );
  });

  test.each([
    [
      'CHANNEL_TTL_SECONDS',
      { CHANNEL_TTL_SECONDS: '86400' },
      'must be more than RENEW_BEFORE_SECONDS, which is 86400',
    ],
    [
      'CHANNEL_TTL_SECONDS',
      { CHANNEL_TTL_SECONDS: '60' },
      'must be more than RENEW_BEFORE_SECONDS, which is 86400',
    ],
    [
      'RENEW_BEFORE_SECONDS',
      { RENEW_BEFORE_SECONDS: '604800' },
      'must be less than CHANNEL_TTL_SECONDS, which is 604800',
    ],
    [
      'RENEW_BEFORE_SECONDS',
      { CHANNEL_TTL_SECONDS: '60', RENEW_BEFORE_SECONDS: '60.5' },
      'must be less than CHANNEL_TTL_SECONDS, which is 60',
    ],
  ])('if every channel would be replaced as soon as it opens: %s, given %o', (name, given, fault) => {
    for (const read of [readRenewConfig, readCommandConfig]) {
      expect(problem(read, { ...GIVEN, ...given })).toContain(`Cannot start: ${name} ${fault}.`);
    }
  });

  test('and every other invalid variable', () => {
    const text = problem(readRenewConfig, { POLL_SECONDS: 'x' });
    for (const name of ['GOOGLE_CLOUD_PROJECT', 'CHANNEL_TOKEN_KEYS', 'CHANNEL_ADDRESS', 'POLL_SECONDS']) {
      expect(text).toContain(name);
    }
    expect(text).toContain('CHANNEL_ADDRESS is not set; ');
  });

  test('if a secret has less than 32 bytes, with the command that makes a valid one', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 31 }),
        fc.constantFrom('base64' as const, 'base64url' as const),
        fc.nat({ max: 2 }),
        (bytes, form, before) => {
          const strong = Array.from({ length: before }, (_, index) => `k${String(index)}:${SECRET}`);
          const keys = [...strong, `weak:${Buffer.from(bytes).toString(form)}`].join(',');
          for (const read of [readReceiveConfig, readRenewConfig]) {
            expect(problem(read, { ...GIVEN, CHANNEL_TOKEN_KEYS: keys })).toBe(
              'Cannot start: CHANNEL_TOKEN_KEYS must have 32 bytes or more in each secret, and ' +
                `key ${String(before + 1)} has ${String(bytes.length)}: make one with "openssl rand -base64 32". ` +
                'See infra/configuration.md.',
            );
          }
        },
      ),
    );
  });

  test('without revealing a secret', () => {
    const mistakes = [
      SECRET,
      `k1 ${SECRET}`,
      `k1:${SECRET}!`,
      `:${SECRET}`,
      `k1:${SECRET},k1:${SECRET}`,
      `k1:${SECRET}:k2`,
    ];
    for (const mistake of mistakes) {
      expect(problem(readReceiveConfig, { ...GIVEN, CHANNEL_TOKEN_KEYS: mistake })).not.toContain(BARE);
    }
    const short = randomBytes(24).toString('base64url');
    for (const mistake of [`k1:${short}`, `${short}:k1`, `k1:${SECRET},${short}:k2`]) {
      expect(problem(readReceiveConfig, { ...GIVEN, CHANNEL_TOKEN_KEYS: mistake })).not.toContain(short);
    }
  });
});

describe('a function accepts', () => {
  test.each(['service-account', 'delegation', 'oauth', 'emulator'])('%s as CALENDAR_AUTH', (mode) => {
    expect(readSyncConfig({ ...GIVEN, CALENDAR_AUTH: mode })).toMatchObject({
      CALENDAR_AUTH: mode,
      OAUTH_TOKEN_URL: 'https://oauth2.googleapis.com/token',
      IAM_CREDENTIALS_ROOT_URL: 'https://iamcredentials.googleapis.com',
      SECRET_MANAGER_ROOT_URL: 'https://secretmanager.googleapis.com',
    });
  });

  test('keys in base64 and base64url, with and without padding, in their order', () => {
    const secret = Buffer.alloc(34, Buffer.from([0xfb, 0xff, 0xfe, 0x01]));
    const forms = [secret.toString('base64'), secret.toString('base64url')];
    const CHANNEL_TOKEN_KEYS = forms.map((form, index) => `k${String(index)}:${form}`).join(', ');
    expect(readReceiveConfig({ ...GIVEN, CHANNEL_TOKEN_KEYS }).CHANNEL_TOKEN_KEYS).toEqual([
      { id: 'k0', secret: createSecretKey(secret) },
      { id: 'k1', secret: createSecretKey(secret) },
    ]);
  });

  test.each(['abc', 'a'.repeat(255), 'Topic-1_2.3~4+5%6', 'my-goog'])('%s as a topic', (topic) => {
    expect(readReceiveConfig({ ...GIVEN, NOTIFICATIONS_TOPIC: topic }).NOTIFICATIONS_TOPIC).toBe(topic);
  });

  test('times from the minimum to a year, with fractions of a second', () => {
    const least = {
      CHANNEL_TTL_SECONDS: 1,
      RENEW_BEFORE_SECONDS: 0,
      MAX_STALENESS_SECONDS: 1,
      POLL_SECONDS: 1,
      RECONCILE_SECONDS: 0,
    };
    const texts = Object.fromEntries(Object.entries(least).map(([name, value]) => [name, String(value)]));
    expect(readRenewConfig({ ...GIVEN, ...texts })).toMatchObject(least);
    const sync = { ...GIVEN, MIN_SYNC_INTERVAL_SECONDS: '0', SYNC_DEADLINE_SECONDS: '31536000' };
    expect(readSyncConfig(sync)).toMatchObject({
      MIN_SYNC_INTERVAL_SECONDS: 0,
      SYNC_DEADLINE_SECONDS: 31_536_000,
    });
    expect(readSyncConfig({ ...sync, MIN_SYNC_INTERVAL_SECONDS: '0.5' }).MIN_SYNC_INTERVAL_SECONDS).toBe(0.5);
  });

  test('a margin just below the lifetime of a channel', () => {
    const given = { CHANNEL_TTL_SECONDS: '86401' };
    expect(readRenewConfig({ ...GIVEN, ...given })).toMatchObject({ RENEW_BEFORE_SECONDS: 86_400 });
  });

  test('a service account by its address', () => {
    const account = { DELEGATION_SERVICE_ACCOUNT: 'mirror@my-project.iam.gserviceaccount.com' };
    expect(readSyncConfig({ ...GIVEN, ...account })).toMatchObject(account);
  });

  test.each([SECRET, BARE, `${BARE}A`, `${BARE}AAA`, `${BARE}AAA==`, `${BARE}AAAA=`])(
    'the key %s',
    (base64) => {
      const [id, secret] = ['k'.repeat(32), createSecretKey(Buffer.from(base64, 'base64url'))];
      expect(
        readReceiveConfig({ ...GIVEN, CHANNEL_TOKEN_KEYS: `${id}:${base64}` }).CHANNEL_TOKEN_KEYS,
      ).toEqual([{ id, secret }]);
    },
  );

  test('a plain HTTP address of receive, only with the emulator', () => {
    const address = { CHANNEL_ADDRESS: 'http://127.0.0.1:8080' };
    expect(readRenewConfig({ ...GIVEN, ...address, CALENDAR_AUTH: 'emulator' })).toMatchObject(address);
  });

  test('variables that it does not read', () => {
    expect(readReceiveConfig({ ...GIVEN, CALENDAR_AUTH: 'magic', PATH: '/bin' })).toEqual(
      readReceiveConfig(GIVEN),
    );
  });
});

describe('configuring a process', () => {
  test('reads its environment', () => {
    expect(configure((environment) => environment)).toBe(process.env);
  });

  test('passes on errors of the program', () => {
    const fault = new TypeError('not about the configuration');
    expect(() =>
      configure(() => {
        throw fault;
      }),
    ).toThrow(fault);
  });
});
