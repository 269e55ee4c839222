/** What is watched of the quotas that Google sets: the calls of a minute and of a day. */
import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../../../support/terraform/configuration.ts';
import { MODULE, PLAIN } from '../../../support/terraform/module.ts';
import { alertsOf, chartsOf } from '../../../support/terraform/monitoring.ts';
import { planOf } from '../../../support/terraform/plan.ts';

const configuration = await readConfiguration(MODULE);

const thresholdsIn = (given: object): readonly unknown[] =>
  alertsOf(planOf(configuration, { ...PLAIN, ...given }))
    .filter(({ display_name: name }) => name.includes('More than 80 %'))
    .map(({ conditions: [{ condition_threshold: over }] }) => over[0]?.threshold_value);
const sharesIn = (given: object): readonly string[] =>
  chartsOf(planOf(configuration, { ...PLAIN, ...given })).flatMap(({ xyChart: { dataSets } }) =>
    dataSets.flatMap(({ timeSeriesQuery: asked }) =>
      'prometheusQuery' in asked ? [asked.prometheusQuery] : [],
    ),
  );

describe('the quotas of the Calendar API', () => {
  test('raise alerts above 80 %, of a minute and of a day, each by its own variable', () => {
    expect(thresholdsIn({})).toEqual(expect.arrayContaining([8_000, 800_000]));
    expect(thresholdsIn({ calendar_allowance_per_day: 50_000, calendar_quota_per_minute: 500 })).toEqual(
      expect.arrayContaining([40_000, 400]),
    );
  });

  test('of a day are on the dashboard as a share, by a metric and labels that exist', () => {
    const [share = '', ...others] = sharesIn({ calendar_allowance_per_day: 50_000 });
    expect(others).toEqual([]);
    const [, name = '', labels = '', rest = ''] =
      /^100 \* sum\(increase\((\w+:\w+)\{(.+)\}\[1d\]\)\) (.+)$/.exec(share) ?? [];
    expect(rest).toBe('/ 50000');
    const type = 'serviceruntime.googleapis.com/api/request_count';
    // https://cloud.google.com/monitoring/promql/promql-mapping
    expect(name).toBe(type.replace('/', ':').replaceAll(/[./]/g, '_'));
    const asked = labels.split(',').map((label) => label.split('='));
    expect(asked).toContainEqual(['monitored_resource', '"consumed_api"']);
    expect(['monitored_resource', 'service', 'method', 'response_code']).toEqual(
      expect.arrayContaining(asked.map(([label]) => label ?? '')),
    );
  });

  test('of a day must be positive', () => {
    const rejected = planOf(configuration, { ...PLAIN, calendar_allowance_per_day: 0 });
    expect(rejected.rejections('calendar_allowance_per_day')).toHaveLength(1);
  });
});
