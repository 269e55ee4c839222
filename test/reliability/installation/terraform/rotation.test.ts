/** Rotations of the key that signs channel tokens, with Google's real provider against the stand-in for Google Cloud. */
import { describe, expect, test } from 'vitest';
import { cloudClient } from '../../../support/google-cloud/client.ts';
import type { GoogleCloud } from '../../../support/google-cloud/index.ts';
import { textIn } from '../../../support/google-cloud/resource.ts';
import { inProject } from '../../../support/terraform/apply.ts';
import { whyNot } from '../../../support/terraform/terraform.ts';

/** Why the tests are left out, for their title. */
const missing = whyNot();

const VERSIONS = 'projects/demo-project/secrets/channel-token-keys/versions';

/** The versions that were written, with the ids of their keys. */
const written = ({ cloud }: GoogleCloud): readonly string[] =>
  cloud.store.list(`secret-payloads/${VERSIONS}`).map((payload) =>
    Buffer.from(textIn(payload, 'data'), 'base64')
      .toString()
      .replaceAll(/:[^,]*/g, ''),
  );

describe.skipIf(missing !== '')(`a rotation of the key${missing}`, () => {
  test('never keeps a key of fewer than 32 bytes', { timeout: 400_000 }, () =>
    inProject({ pause: '0s' }, async (deployment, cloud) => {
      await deployment.apply();
      // As an earlier version of the module accepted it.
      const short = Buffer.from(`k1:${Buffer.alloc(31).toString('base64')}`).toString('base64');
      cloud.cloud.store.replace(`secret-payloads/${VERSIONS}/1`, { data: short });

      for (const versions of [[1], [1, 2]]) {
        await deployment.choose({ channel_token_key_versions: versions });
        expect(await deployment.terraform('plan', '-no-color')).toMatchObject({
          code: 1,
          text: expect.stringContaining('The key that is in use has fewer than 32 bytes'),
        });
      }
      expect(written(cloud)).toEqual(['k1']);

      await deployment.choose({ channel_token_key_versions: [2] });
      await deployment.apply();
      expect(written(cloud).at(-1)).toBe('k2');
      const api = cloudClient(cloud.url);
      const { body } = await api.call('GET', `secretmanager/v1/${VERSIONS}/1`);
      expect(body).toMatchObject({ state: 'DESTROYED' });
      expect(await deployment.planned()).toEqual([]);
    }),
  );
});
