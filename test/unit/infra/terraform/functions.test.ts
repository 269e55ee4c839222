/** The functions as Terraform deploys them: their environment variables, limits and callers. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readReceiveConfig, readRenewConfig, readSyncConfig } from '../../../../functions/config.ts';
import { PAGES_AT_ONCE } from '../../../../functions/sync/create.ts';
import { environmentNames } from '../../../../infra/build/configuration.ts';
import {
  configurationOf,
  readConfiguration,
  readTexts,
  type Configuration,
} from '../../../support/terraform/configuration.ts';
import { functionsOf, ofType, variablesOf, type Deployed } from '../../../support/terraform/deployed.ts';
import { MODULE, PLAIN, WAYS } from '../../../support/terraform/module.ts';
import { planOf } from '../../../support/terraform/plan.ts';

const configuration = await readConfiguration(MODULE);
const ways = Object.entries(WAYS).map(([way, given]) => [way, planOf(configuration, given)] as const);
const plan = planOf(configuration, PLAIN);

/** Read by Node, not by the functions. */
const OF_NODE = ['NODE_OPTIONS'];

/** Returns missing and unknown variables in the environment of a function. */
function wrongVariables(deployed: Deployed): readonly string[] {
  const { required, optional } = environmentNames(deployed.entryPoint);
  const set = variablesOf(deployed);
  return [
    ...required.filter((name) => !set.includes(name)).map((name) => `${deployed.name}: ${name} is missing`),
    ...set
      .filter((name) => ![...required, ...optional, ...OF_NODE].includes(name))
      .map((name) => `${deployed.name}: unknown variable ${name}`),
  ];
}
const allWrong = (of: Configuration): readonly string[] =>
  functionsOf(planOf(of, PLAIN)).flatMap(wrongVariables);

describe('the environment', () => {
  test.each(ways)('%s has every required variable and no unknown one', (_, each) => {
    expect(functionsOf(each).flatMap(wrongVariables)).toEqual([]);
  });

  test.each([
    ['renew.tf', /CHANNEL_ADDRESS\s+= .*/, '', 'calendar-renew: CHANNEL_ADDRESS is missing'],
    [
      'receive.tf',
      /"CHANNEL_TOKEN_KEYS"/,
      '"CHANNEL_TOKEN_KEY"',
      'calendar-receive: CHANNEL_TOKEN_KEYS is missing',
    ],
    [
      'receive.tf',
      /"CHANNEL_TOKEN_KEYS"/,
      '"CHANNEL_TOKEN_KEY"',
      'calendar-receive: unknown variable CHANNEL_TOKEN_KEY',
    ],
    ['sync.tf', /CHANGES_TOPIC/, 'CHANGE_TOPIC', 'calendar-sync: unknown variable CHANGE_TOPIC'],
  ])('a mistake in %s is found: %s', async (file, from, to, problem) => {
    const texts = readTexts(MODULE);
    const mistaken = await configurationOf(
      { ...texts, [file]: texts[file]?.replace(from, to) ?? '' },
      MODULE,
    );
    expect(allWrong(mistaken)).toContain(problem);
  });

  test.each(ways)('%s lets every function start', (_, each) => {
    const readers = { receive: readReceiveConfig, sync: readSyncConfig, renew: readRenewConfig };
    for (const { entryPoint, environment_variables: variables } of functionsOf(each)) {
      const cloud = { CHANNEL_TOKEN_KEYS: `k1:${'b2xk'.repeat(11)}`, ...variables };
      // Values that are unknown until apply are in angle brackets.
      const known = Object.entries(cloud).map(([name, value]) => {
        if (name === 'CHANNEL_ADDRESS')
          return [name, value.replace(/^<.*>$/, 'https://receive.example.com/')] as const;
        return [
          name,
          value
            .replace(/^<.*\.email>$/, 'account@some-project.iam.gserviceaccount.com')
            .replace(/^<google_kms_crypto_key\..*\.id>$/, 'projects/p/locations/l/keyRings/r/cryptoKeys/k'),
        ] as const;
      });
      expect(readers[entryPoint](Object.fromEntries(known))).toMatchObject({
        GOOGLE_CLOUD_PROJECT: 'some-project',
      });
    }
  });
});

describe('the functions', () => {
  test('are three, run on Node 24, each under its own account', () => {
    const functions = functionsOf(plan);
    expect(functions.map(({ name }) => name).toSorted()).toEqual([
      'calendar-receive',
      'calendar-renew',
      'calendar-sync',
    ]);
    for (const { name, entryPoint, runtime } of functions) {
      expect(name).toBe(`calendar-${entryPoint}`);
      expect(runtime).toBe('nodejs24');
    }
    expect(new Set(functions.map((each) => each.service_account_email)).size).toBe(3);
  });

  test('are reachable only from within the project, except receive', () => {
    const ingress = functionsOf(plan).map(({ entryPoint, ingress_settings: settings }) => [
      entryPoint,
      settings,
    ]);
    expect(Object.fromEntries(ingress)).toEqual({
      receive: 'ALLOW_ALL',
      sync: 'ALLOW_INTERNAL_ONLY',
      renew: 'ALLOW_INTERNAL_ONLY',
    });
  });

  test('of which sync has a page in memory for each request that an instance serves at once', () => {
    const atOnce = functionsOf(plan).map((each) => [each.entryPoint, each.max_instance_request_concurrency]);
    // One run of renew at a time: two would work on the same watches.
    expect(Object.fromEntries(atOnce)).toEqual({ receive: 80, sync: PAGES_AT_ONCE, renew: 1 });
  });

  test('have a heap limit below their memory', () => {
    for (const { available_memory: memory, environment_variables: variables } of functionsOf(plan)) {
      const [, heap = '0'] = /--max-old-space-size=(\d+)/.exec(variables['NODE_OPTIONS'] ?? '') ?? [];
      expect(Number(heap)).toBeLessThan(Number(memory.replace('Mi', '')) * 0.75);
    }
  });
});

const rejected = (pace: Readonly<Record<string, number>>): readonly string[] =>
  planOf(configuration, { ...PLAIN, pace }).rejections('pace');

describe('the pace', () => {
  test.each([
    { channel_ttl_seconds: 86_400 },
    { renew_before_seconds: 604_800 },
    { channel_ttl_seconds: 3600, renew_before_seconds: 3600 },
  ])('is rejected when every channel would be replaced as soon as it is open: %o', (pace) => {
    expect(rejected(pace)).toEqual([
      expect.stringMatching(/^renew_before_seconds .* less than channel_ttl_seconds/),
    ]);
  });

  test.each([{}, { channel_ttl_seconds: 86_401 }, { channel_ttl_seconds: 60, renew_before_seconds: 0 }])(
    'is accepted when channels live longer: %o',
    (pace) => {
      expect(rejected(pace)).toEqual([]);
    },
  );
});

describe('time:', () => {
  const byName = new Map(functionsOf(plan).map((deployed) => [deployed.entryPoint, deployed]));
  const timeout = (name: Deployed['entryPoint']): number => byName.get(name)?.timeout_seconds ?? 0;

  test.each(ways)(
    '%s sync continues in another message before it times out, and Pub/Sub waits as long',
    (_, each) => {
      const sync = functionsOf(each).find(({ entryPoint }) => entryPoint === 'sync');
      const subscription = ofType(each, 'google_pubsub_subscription').find(({ name }) => name === 'sync');
      const { SYNC_DEADLINE_SECONDS: given } = { ...sync?.environment_variables };
      const { SYNC_DEADLINE_SECONDS: deadline } = readSyncConfig({
        GOOGLE_CLOUD_PROJECT: 'some-project',
        SYNC_DEADLINE_SECONDS: given,
      });
      expect(deadline + 30).toBeLessThanOrEqual(sync?.timeout_seconds ?? 0);
      expect(subscription?.values['ack_deadline_seconds']).toBeGreaterThanOrEqual(
        sync?.timeout_seconds ?? Infinity,
      );
    },
  );

  test('renew finishes well before it times out, and Cloud Scheduler waits as long', () => {
    const source = readFileSync(new URL('../../../../functions/renew/create.ts', import.meta.url), 'utf8');
    const [, budget = 'none'] = /budgetMs: ([\d_]+)/.exec(source) ?? [];
    expect(Number(budget.replaceAll('_', '')) / 1000 + 30).toBeLessThanOrEqual(timeout('renew'));
    const [job] = ofType(plan, 'google_cloud_scheduler_job');
    expect(job?.values['attempt_deadline']).toBe(`${String(timeout('renew'))}s`);
  });

  test('a failed run of renew is retried before the next one is due', () => {
    const [job] = ofType(plan, 'google_cloud_scheduler_job');
    expect(job?.values).toMatchObject({
      schedule: '* * * * *',
      retry_config: [{ retry_count: 3, min_backoff_duration: '5s' }],
    });
  });
});
