import { describe, expect, test } from 'vitest';
import {
  ConfigurationError,
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
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
};

describe('the least configuration', () => {
  test('of receive is a project and its keys', () => {
    expect(readReceiveConfig(GIVEN)).toEqual({
      GOOGLE_CLOUD_PROJECT: 'my-project',
      NOTIFICATIONS_TOPIC: 'calendar-notifications',
      CHANNEL_TOKEN_KEYS: [{ id: 'k1', secret: Buffer.from('secret of some length') }],
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
    ['receive', 'CHANNEL_TOKEN_KEYS', 'no pair'],
    ['receive', 'CHANNEL_TOKEN_KEYS', ':c2VjcmV0'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:not base64!'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0,'],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k1:c2VjcmV0,k1:b3RoZXI='],
    ['receive', 'CHANNEL_TOKEN_KEYS', 'k&1:c2VjcmV0'],
    ['receive', 'CHANNEL_TOKEN_KEYS', `${'k'.repeat(33)}:c2VjcmV0`],
    ['sync', 'CHANGES_TOPIC', '1st-topic'],
    ['sync', 'DEAD_LETTERS_TOPIC', 'a'.repeat(256)],
    ['sync', 'MIN_SYNC_INTERVAL_SECONDS', 'soon'],
    ['sync', 'MIN_SYNC_INTERVAL_SECONDS', '-1'],
    ['sync', 'CALENDAR_AUTH', 'magic'],
    ['sync', 'CALENDAR_API_ROOT_URL', 'localhost:9199'],
    ['sync', 'CALENDAR_API_ROOT_URL', 'ftp://localhost/'],
    ['sync', 'DELEGATION_SERVICE_ACCOUNT', 'mirror'],
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
      new RegExp(`^Cannot start: ${variable} \\S`),
    );
  });

  test('and so is every other that is wrong', () => {
    const text = problem(readRenewConfig, { POLL_SECONDS: 'x' });
    for (const name of ['GOOGLE_CLOUD_PROJECT', 'CHANNEL_TOKEN_KEYS', 'CHANNEL_ADDRESS', 'POLL_SECONDS']) {
      expect(text).toContain(name);
    }
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
      { id: 'k0', secret },
      { id: 'k1', secret },
    ]);
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
