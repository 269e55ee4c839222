import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { createAmbient } from '../../../functions/calendar/auth/ambient.ts';
import { startIdentityBench, ADA, type IdentityBench } from '../../support/identity/bench.ts';
import { becomeInstance } from '../../support/identity/instance.ts';
import { AMBIENT_TOKEN, SERVICE_ACCOUNT } from '../../support/identity/rules.ts';

/** The function's own identity, as an instance in Google Cloud finds it: from the metadata server. */

let bench: IdentityBench;
beforeAll(async () => {
  bench = await startIdentityBench();
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => bench.close());

it('signs and reads secrets as the account that it runs as', async () => {
  becomeInstance(bench.url);
  bench.delegate(ADA, 'events');
  const ambient = createAmbient();
  expect([await ambient.email(), await ambient.token()]).toEqual([SERVICE_ACCOUNT, AMBIENT_TOKEN]);
  expect(await bench.list(bench.start(createAmbient()), 'delegation')).toMatchObject({ ok: true });
});
