import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  ConfigurationError,
  configure,
  readReceiveConfig,
  readRenewConfig,
  readSyncConfig,
} from '../../functions/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SECRET = 'c2VjcmV0IG9mIHNvbWUgbGVuZ3Ro';
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

describe('the least configuration', () => {
  test('of receive is a project and its keys', () => {
    expect(readReceiveConfig(GIVEN)).toEqual({
      GOOGLE_CLOUD_PROJECT: 'my-project',
      NOTIFICATIONS_TOPIC: 'calendar-notifications',
      CHANNEL_TOKEN_KEYS: [{ id: 'k1', secret: createSecretKey(Buffer.from('secret of some length')) }],
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
    });
  });

  test('of renew is a project, the keys and the address of receive', () => {
    expect(readRenewConfig(GIVEN)).toMatchObject({
      CHANNEL_ADDRESS: 'https://receive.example.com/',
      CHANNEL_TTL_SECONDS: 604_800,
      RENEW_BEFORE_SECONDS: 86_400,
      MAX_STALENESS_SECONDS: 21_600,
      POLL_SECONDS: 900,
    });
  });

  test('may come with variables set to nothing, which count as not set', () => {
    const empty = { CHANGES_TOPIC: '', CALENDAR_API_ROOT_URL: '', MIN_SYNC_INTERVAL_SECONDS: '' };
    expect(readSyncConfig({ ...GIVEN, ...empty })).toEqual(readSyncConfig(GIVEN));
  });
});

describe('a function does not start, and the variable is named,', () => {
  test.each([
    ['receive', 'GOOGLE_CLOUD_PROJECT'],
    ['receive', 'CHANNEL_TOKEN_KEYS'],
    ['sync', 'GOOGLE_CLOUD_PROJECT'],
    ['renew', 'GOOGLE_CLOUD_PROJECT'],
    ['renew', 'CHANNEL_TOKEN_KEYS'],
    ['renew', 'CHANNEL_ADDRESS'],
  ] as const)('when %s is without %s', (name, variable) => {
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
    ['receive', 'CHANNEL_TOKEN_KEYS', ':c2VjcmV0'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:='],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:not base64!'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:!c2VjcmV0'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0!'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0c'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0cw==='],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0\nk2:c2VjcmV0'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0,'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0,k1:b3RoZXI='],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k&1:c2VjcmV0'],
    ['receive', 'CHANNEL_TOKEN_KEYS', `${'k'.repeat(33)}:c2VjcmV0`],
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
  ] as const)('when %s has %s=%s', (name, variable, value) => {
    expect(problem(READERS[name], { ...GIVEN, [variable]: value })).toMatch(
      new RegExp(
        `^Cannot start: ${variable} (is|must|names) \\w.*\\. See the configuration table in README.md.$`,
      ),
    );
  });

  test('and so is every other that is wrong', () => {
    const text = problem(readRenewConfig, { POLL_SECONDS: 'x' });
    for (const name of ['GOOGLE_CLOUD_PROJECT', 'CHANNEL_TOKEN_KEYS', 'CHANNEL_ADDRESS', 'POLL_SECONDS']) {
      expect(text).toContain(name);
    }
    expect(text).toContain('CHANNEL_ADDRESS is not set; ');
  });

  test('and no secret with it', () => {
    const slips = [SECRET, `k1 ${SECRET}`, `k1:${SECRET}!`, `:${SECRET}`, `k1:${SECRET},k1:${SECRET}`];
    for (const slip of slips) {
      expect(problem(readReceiveConfig, { ...GIVEN, CHANNEL_TOKEN_KEYS: slip })).not.toContain(SECRET);
    }
  });
});

describe('what is accepted:', () => {
  test.each(['service-account', 'delegation', 'oauth', 'emulator'])('%s as a kind of credentials', (mode) => {
    expect(readSyncConfig({ ...GIVEN, CALENDAR_AUTH: mode })).toMatchObject({
      CALENDAR_AUTH: mode,
      OAUTH_TOKEN_URL: 'https://oauth2.googleapis.com/token',
      IAM_CREDENTIALS_ROOT_URL: 'https://iamcredentials.googleapis.com',
      SECRET_MANAGER_ROOT_URL: 'https://secretmanager.googleapis.com',
    });
  });

  test('keys in base64 and base64url, with and without padding, the first to sign', () => {
    const secret = Buffer.from([0xfb, 0xff, 0xfe, 0x01]);
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

  test('times from the least to a year, in parts of a second as well', () => {
    const least = {
      CHANNEL_TTL_SECONDS: 1,
      RENEW_BEFORE_SECONDS: 0,
      MAX_STALENESS_SECONDS: 1,
      POLL_SECONDS: 1,
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

  test('a service account by its address', () => {
    const account = { DELEGATION_SERVICE_ACCOUNT: 'mirror@my-project.iam.gserviceaccount.com' };
    expect(readSyncConfig({ ...GIVEN, ...account })).toMatchObject(account);
  });

  test.each(['c2VjcmV0', 'c2VjcmV0cw', 'c2VjcmV0czE', 'c2VjcmV0cw=='])('the key %s', (base64) => {
    const [id, secret] = ['k'.repeat(32), createSecretKey(Buffer.from(base64, 'base64url'))];
    expect(readReceiveConfig({ ...GIVEN, CHANNEL_TOKEN_KEYS: `${id}:${base64}` }).CHANNEL_TOKEN_KEYS).toEqual(
      [{ id, secret }],
    );
  });

  test('a plain HTTP address of receive, on the emulator alone', () => {
    const address = { CHANNEL_ADDRESS: 'http://127.0.0.1:8080' };
    expect(readRenewConfig({ ...GIVEN, ...address, CALENDAR_AUTH: 'emulator' })).toMatchObject(address);
  });

  test('variables that are none of a function’s business', () => {
    expect(readReceiveConfig({ ...GIVEN, CALENDAR_AUTH: 'magic', PATH: '/bin' })).toEqual(
      readReceiveConfig(GIVEN),
    );
  });
});

describe('configuring a process', () => {
  test('reads its environment', () => {
    expect(configure((environment) => environment)).toBe(process.env);
  });

  test('hides no fault of the program', () => {
    const fault = new TypeError('not a matter of configuration');
    expect(() =>
      configure(() => {
        throw fault;
      }),
    ).toThrow(fault);
  });
});
