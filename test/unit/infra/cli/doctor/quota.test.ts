/** The doctor's findings on the quota of Cloud Run. */
import { describe, expect, test } from 'vitest';
import { judgeScaling, scalingOf } from '../../../../../infra/cli/doctor/quota.ts';
import { cpuQuota, deployed, DEPLOYED } from '../../../../support/deployed-cloud.ts';

const [receive, sync, renew] = [deployed('receive'), deployed('sync'), deployed('renew')];
const all = { receive, sync, renew };
const withConfig = (config: object) => ({
  ...all,
  sync: { ...sync, serviceConfig: { ...sync.serviceConfig, ...config } },
});

const verdictsOf = (findings: ReturnType<typeof judgeScaling>) => findings.map(({ verdict }) => verdict);

describe('max instances', () => {
  test('are well where the quota of the region allows them', () => {
    expect(judgeScaling(scalingOf(all), cpuQuota(10_000), DEPLOYED)).toEqual([
      {
        what: 'max instances',
        verdict: 'well',
        says: '5 of calendar-receive, 10 of calendar-sync, 1 of calendar-renew',
      },
    ]);
  });

  test('are wrong for each function that needs more, with how many it may have', () => {
    expect(judgeScaling(scalingOf(all), cpuQuota(4_000), DEPLOYED)).toMatchObject([
      {
        says: `calendar-receive may have 5 instances of 1 vCPU, and ${DEPLOYED} 4 vCPU in europe-west1: its next deployment is rejected`,
        fix: expect.stringContaining('set its max_instances to 4 or fewer'),
      },
      { says: expect.stringMatching(/^calendar-sync may have 10 instances of 1 vCPU/) },
    ]);
  });

  test.each([
    ['2', 20_000, 'well'],
    ['2', 19_999, 'wrong'],
    ['500m', 5_000, 'well'],
    ['0.583', 5_000, 'wrong'],
    ['', 1_000, 'well'],
  ])('with %s CPU an instance and %i milli vCPU are %s', (availableCpu, limit, verdict) => {
    const only = { ...withConfig({ availableCpu }), receive: undefined, renew: undefined };
    expect(verdictsOf(judgeScaling(scalingOf(only), cpuQuota(limit), DEPLOYED))).toEqual([verdict]);
  });

  test('have the limit of all regions where theirs has none of its own', () => {
    const everywhere = { effectiveLimit: '20000' };
    const elsewhere = { effectiveLimit: '1000', dimensions: { region: 'us-east1' } };
    const unit = '1/{project}/{region}';
    const quota = { consumerQuotaLimits: [{ unit, quotaBuckets: [everywhere, elsewhere] }] };
    expect(verdictsOf(judgeScaling(scalingOf(all), quota, DEPLOYED))).toEqual(['well']);
  });

  test.each([
    ['no limit', { consumerQuotaLimits: [] }],
    ['an unlimited quota', cpuQuota(-1)],
  ])('are well with %s', (_, quota) => {
    expect(
      verdictsOf(judgeScaling(scalingOf(withConfig({ maxInstanceCount: 1_000 })), quota, DEPLOYED)),
    ).toEqual(['well']);
  });

  test('are not judged where nothing is deployed', () => {
    const none = { receive: undefined, sync: undefined, renew: undefined };
    expect(judgeScaling(scalingOf(none), cpuQuota(1_000), DEPLOYED)).toEqual([]);
  });
});
