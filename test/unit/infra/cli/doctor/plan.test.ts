/** What doctor reads from a plan of Terraform, and its findings on the organisation's policy. */
import { describe, expect, test } from 'vitest';
import { readPlan } from '../../../../../infra/cli/doctor/plan.ts';
import { judgePublicAccess } from '../../../../../infra/cli/doctor/public-access.ts';
import {
  planOfFirstApply,
  planWith,
  plannedFunction,
  plannedGrant,
} from '../../../../support/planned-deployment.ts';

const read = (plan: object) => readPlan(JSON.stringify(plan), 'other-project');

describe('a plan', () => {
  test('of a first apply deploys three functions and makes one public', () => {
    expect(read(planOfFirstApply())).toEqual({
      project: 'demo-project',
      functions: [
        { name: 'calendar-receive', region: 'europe-west1', most: 5, cpu: '1' },
        { name: 'calendar-sync', region: 'europe-west1', most: 10, cpu: '1' },
        { name: 'calendar-renew', region: 'europe-west1', most: 1, cpu: '1' },
      ],
      grantsAllUsers: true,
    });
  });

  test('of a code update deploys what changes, and grants nothing', () => {
    const plan = planWith([
      plannedFunction('sync', 12, ['update']),
      plannedFunction('renew', 1, ['no-op']),
      plannedGrant('allUsers', ['no-op']),
    ]);
    expect(read(plan)).toMatchObject({
      functions: [{ name: 'calendar-sync', most: 12 }],
      grantsAllUsers: false,
    });
  });

  test('that replaces a function deploys it', () => {
    expect(read(planWith([plannedFunction('sync', 3, ['delete', 'create'])])).functions).toHaveLength(1);
  });

  test('that removes everything deploys nothing', () => {
    const removed = { type: 'google_cloudfunctions2_function', change: { actions: ['delete'], after: null } };
    expect(read(planWith([removed]))).toEqual({
      project: 'other-project',
      functions: [],
      grantsAllUsers: false,
    });
  });

  test('that grants a service to an account makes none public', () => {
    const plan = planWith([plannedGrant('serviceAccount:push@demo-project.iam.gserviceaccount.com')]);
    expect(read(plan).grantsAllUsers).toBe(false);
  });

  test.each(['', '{}', '[]', 'Terraform will perform the following actions', '{"resource_changes":[]}'])(
    'is not %o',
    (text) => {
      expect(() => readPlan(text, 'p')).toThrow('--plan is not a plan of Terraform as JSON');
    },
  );
});

describe('a grant to allUsers', () => {
  test.each([
    ['without a policy', {}],
    ['if all values are allowed', { listPolicy: { allValues: 'ALLOW' } }],
    ['if the list of domains is empty', { listPolicy: { allowedValues: [] } }],
  ])('is allowed %s', (_, policy) => {
    expect(judgePublicAccess(policy, 'p')).toMatchObject({ verdict: 'well' });
  });

  test.each([
    ['domains are listed', { listPolicy: { allowedValues: ['C03xgje4y'] } }],
    ['all values are denied', { listPolicy: { allValues: 'DENY' } }],
  ])('is wrong if %s, with the setting that does without it', (_, policy) => {
    expect(judgePublicAccess(policy, 'p')).toMatchObject({
      verdict: 'wrong',
      fix: 'set public_access = "check-disabled" in terraform.tfvars',
    });
  });
});
