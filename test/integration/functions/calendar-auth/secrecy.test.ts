import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createCredentials } from '../../../../functions/calendar/auth/index.ts';
import { readSyncConfig } from '../../../../functions/config.ts';
import {
  ADA,
  ADAS_SECRET,
  documentsOf,
  startIdentityBench,
  type IdentityBench,
} from '../../../support/identity/bench.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';
import { CLIENT, PROJECT } from '../../../support/identity/rules.ts';
import type { Disturbance, Service } from '../../../support/identity/server.ts';

/** Errors contain no token or secret, even if a service echoes its request. */

const REFRESH_TOKEN = '1//the-refresh-token-of-ada';
let bench: IdentityBench;
beforeEach(async () => {
  bench = await startIdentityBench();
  bench.delegate(ADA, 'events');
  bench.consent(ADAS_SECRET, REFRESH_TOKEN, ADA, 'events');
});
afterEach(() => bench.close());

const ECHO = [AMBIENT_TOKEN, REFRESH_TOKEN, CLIENT.client_secret].join(' ');
const ANSWERS: readonly Disturbance[] = [
  'hangUp',
  ...[200, 302, 400, 401, 403, 404, 418, 500, 503].flatMap((status) => [
    { status, body: ECHO },
    { status, body: { error: ECHO, error_description: ECHO } },
    { status, body: { error: { code: status, status: ECHO, message: ECHO } } },
    { status, body: { error: REFRESH_TOKEN.replaceAll(/\W/g, '_'), error_description: ECHO } },
  ]),
];

describe.each(['delegation', 'oauth'] as const)('an error (%s)', (mode) => {
  it.each(['token', 'iam', 'secrets'] as const)('of %s contains no secret', async (service: Service) => {
    const config = readSyncConfig({ GOOGLE_CLOUD_PROJECT: PROJECT, ...bench.environment });
    for (const disturbance of ANSWERS) {
      bench.disturbances.set(service, disturbance);
      const credentials = createCredentials(
        config,
        bench.ambient,
        bench.state.now,
        documentsOf(bench.stored),
      )(mode, ADA, 'events');
      const thrown = await credentials
        .use(async () => undefined)
        .then(
          () => 'nothing',
          (error: unknown) => inspect(error, { depth: 10, showHidden: true }),
        );
      for (const secret of [AMBIENT_TOKEN, REFRESH_TOKEN, CLIENT.client_secret, 'eyJ', 'ya29.']) {
        expect(thrown).not.toContain(secret);
      }
    }
  });
});
