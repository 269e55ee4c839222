import { describe, expect, test } from 'vitest';
import { readCommandConfig } from '../../../../../infra/cli/config.ts';
import { judgeDecrypters, judgeKey, judgeTokenStore } from '../../../../../infra/cli/doctor/tokens.ts';
import { deployed } from '../../../../support/deployed-cloud.ts';
import { KMS_KEY } from '../../../../support/identity/kms.ts';

const FIRESTORE = { OAUTH_TOKEN_STORE: 'firestore', OAUTH_KMS_KEY: KMS_KEY };
const config = (more = {}) => readCommandConfig({ GOOGLE_CLOUD_PROJECT: 'p', ...more });
const deployment = (sync = {}, renew = sync) => ({
  receive: undefined,
  sync: deployed('sync', sync),
  renew: deployed('renew', renew),
});
const version = (number: number) => `${KMS_KEY}/cryptoKeyVersions/${String(number)}`;

describe('the store of refresh tokens', () => {
  test.each([
    ['Secret Manager', {}, 'kept in secret-manager'],
    ['Firestore', FIRESTORE, `kept in firestore with ${KMS_KEY}`],
  ])('is well in %s', (_, variables, says) => {
    expect(judgeTokenStore(config(), deployment(variables))).toMatchObject({ verdict: 'well', says });
  });

  test('has to be the same for sync and renew, and for this command', () => {
    expect(judgeTokenStore(config(), deployment(FIRESTORE, {}))).toMatchObject({
      verdict: 'wrong',
      says: `sync reads them from firestore with ${KMS_KEY}, and renew from secret-manager`,
    });
    expect(
      judgeTokenStore(config({ OAUTH_TOKEN_STORE: 'secret-manager' }), deployment(FIRESTORE)),
    ).toMatchObject({
      verdict: 'wrong',
      says: expect.stringContaining('and this command from secret-manager'),
    });
  });
});

describe('the key of refresh tokens', () => {
  const enabled = { name: version(2), state: 'ENABLED' };

  test('is well if every version that encrypted a token is enabled', () => {
    const old = { name: version(1), state: 'DESTROYED' };
    expect(judgeKey(KMS_KEY, [old, enabled], new Map([[version(2), 3]]))).toMatchObject([
      { verdict: 'well' },
    ]);
  });

  test.each([
    ['DISABLED', /^gcloud kms keys versions enable \S+\/cryptoKeyVersions\/1$/],
    ['DESTROY_SCHEDULED', /^gcloud kms keys versions restore /],
    ['DESTROYED', /consent again/],
  ])('with a version that is %s, tokens are counted and the fix is named', (state, fix) => {
    const versions = [{ name: version(1), state }, enabled];
    expect(judgeKey(KMS_KEY, versions, new Map([[version(1), 3]]))).toEqual([
      {
        what: 'key of refresh tokens',
        verdict: 'wrong',
        says: `${version(1)} is ${state}, and 3 tokens need it`,
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  test('that does not exist, or is not the one that encrypted a token, is wrong', () => {
    expect(judgeKey(KMS_KEY, undefined, new Map())).toMatchObject([{ verdict: 'wrong' }]);
    expect(judgeKey(KMS_KEY, [enabled], new Map([['other/cryptoKeyVersions/1', 1]]))).toMatchObject([
      { verdict: 'wrong', fix: 'calendar-mirror tokens reencrypt' },
    ]);
  });

  test('names an account that has no role on it to decrypt, with the command that grants it', () => {
    const bindings = [
      {
        role: 'roles/cloudkms.cryptoKeyDecrypter',
        members: ['serviceAccount:sync@p.iam.gserviceaccount.com'],
      },
    ];
    const accounts = ['sync@p.iam.gserviceaccount.com', 'renew@p.iam.gserviceaccount.com'];
    expect(judgeDecrypters(KMS_KEY, { bindings }, accounts)).toMatchObject([
      { verdict: 'unknown', fix: expect.stringContaining('--member=serviceAccount:renew@p.iam') },
    ]);
  });
});
