import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { createAmbient, createServiceAccount } from '../../../../functions/calendar/auth/adc.ts';
import { startIdentityBench, ADA, type IdentityBench } from '../../../support/identity/bench.ts';
import { becomeInstance } from '../../../support/identity/instance.ts';
import { startMetadata } from '../../../support/identity/metadata.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';
import { SERVICE_ACCOUNT } from '../../../support/identity/rules.ts';

/** The function's own identity, from the metadata server as on an instance in Google Cloud. */

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

it('is temporarily unavailable while the metadata server stalls, and recovers as soon as it answers', async () => {
  const metadata = await startMetadata();
  try {
    becomeInstance(metadata.url);
    const ambient = createAmbient(200);
    const account = createServiceAccount('scope', 200);
    const call = () => account.use(() => Promise.resolve('called'));
    metadata.stall();
    const unavailable = {
      problem: { kind: 'temporary', reason: 'ambientCredentialsUnavailable', notApplied: true },
    };
    for (const wait of [ambient.token, ambient.email, call])
      await expect(wait()).rejects.toMatchObject(unavailable);
    metadata.stall(false);
    expect(await ambient.token()).toMatch(/^token-/);
    expect(await ambient.email()).toBe('default');
    expect(await call()).toBe('called');
  } finally {
    await metadata.close();
  }
});
