/** The doctor's findings on enabled APIs and on access to a user's data. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgeAccess } from '../../../../../infra/cli/doctor/access.ts';
import { judgeServices, neededServices } from '../../../../../infra/cli/doctor/services.ts';
import { shellIn } from '../../../../support/shell.ts';

test('disabled APIs are named in the command that enables them', () => {
  const services = [{ name: 'projects/1/services/pubsub.googleapis.com', state: 'DISABLED' }];
  const { verdict, fix } = judgeServices({ services }, 'p', 'oauth');
  expect(verdict).toBe('wrong');
  expect(fix).toMatch(/^gcloud services enable .*pubsub\.googleapis\.com.* --project=p$/);
});

const infra = new URL('../../../../../infra/terraform/', import.meta.url);
const apisIn = (text: string): ReadonlySet<string> => new Set(text.match(/[\w-]+\.googleapis\.com/g));
const enabledByTerraform = apisIn(readFileSync(new URL('apis.tf', infra), 'utf8'));
const enabledByHand = apisIn(shellIn('infra/gcloud.md'));

test('every API that the doctor requires is enabled by Terraform and by the gcloud commands', () => {
  expect(neededServices('delegation').filter((name) => !enabledByTerraform.has(name))).toEqual([]);
  expect(neededServices('service-account').filter((name) => !enabledByHand.has(name))).toEqual([]);
});

test.each([
  ['a readable calendar is well', { ok: true, value: {} }, 'well', undefined],
  [
    'a temporary failure is unknown',
    { ok: false, problem: { kind: 'temporary', reason: 'network', notApplied: true } },
    'unknown',
    'try again',
  ],
  [
    'a missing consent is wrong',
    { ok: false, problem: { kind: 'accessDenied', reason: 'invalid_grant', detail: 'no consent' } },
    'wrong',
    'calendar-mirror login ada@example.com',
  ],
  [
    'a disabled API is wrong',
    { ok: false, problem: { kind: 'accessDenied', reason: 'accessNotConfigured' } },
    'wrong',
    expect.stringContaining('gcloud services enable calendar-json.googleapis.com'),
  ],
  [
    'a missing scope is wrong',
    { ok: false, problem: { kind: 'accessDenied', reason: 'insufficientPermissions' } },
    'wrong',
    'calendar-mirror login ada@example.com',
  ],
] as const)('access to a user: %s', (_, answer, verdict, fix) => {
  const finding = judgeAccess('ada@example.com', 'events', 'oauth', answer);
  expect(finding).toMatchObject({ what: 'events of ada@example.com', verdict, ...(fix && { fix }) });
});
