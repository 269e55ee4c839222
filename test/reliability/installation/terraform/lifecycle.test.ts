/**
 * The life of a deployment, with Google's real provider against the stand-in for Google Cloud: each step as `infra/terraform/README.md`
 * describes it, and after each an empty plan.
 */
import { describe, expect, test } from 'vitest';
import { createCloudApi } from '../../../../infra/cli/doctor/cloud-api.ts';
import { examineDatabase } from '../../../../infra/cli/doctor/database.ts';
import { examineDeployment } from '../../../../infra/cli/doctor/deployment.ts';
import type { Finding } from '../../../../infra/cli/doctor/finding.ts';
import { examineQuota, scalingOf } from '../../../../infra/cli/doctor/quota.ts';
import { examineScheduler } from '../../../../infra/cli/doctor/scheduler.ts';
import { examineServices } from '../../../../infra/cli/doctor/services.ts';
import { eventually } from '../../../support/eventually.ts';
import { cloudClient } from '../../../support/google-cloud/client.ts';
import type { GoogleCloud } from '../../../support/google-cloud/index.ts';
import { textIn } from '../../../support/google-cloud/resource.ts';
import { inProject } from '../../../support/terraform/apply.ts';
import { whyNot } from '../../../support/terraform/terraform.ts';

/** Why the tests are left out, for their title. */
const missing = whyNot();

const PROJECT = 'projects/demo-project';
const REGION = `${PROJECT}/locations/europe-west1`;
const DATABASE = `${PROJECT}/databases/calendar-mirror`;
const KEYS = `${PROJECT}/secrets/channel-token-keys/versions`;

const inModule = (name: string): string => `module.calendar_mirror.${name}`;

/** The archive that sync serves. */
const servedBy = ({ cloud }: GoogleCloud): string =>
  JSON.stringify(cloud.store.get(`run/${REGION}/services/calendar-sync`)['template']);

const keysOf = ({ cloud }: GoogleCloud, version: number): readonly string[] =>
  Buffer.from(textIn(cloud.store.get(`secret-payloads/${KEYS}/${String(version)}`), 'data'), 'base64')
    .toString()
    .split(',');

const keyStates = ({ cloud }: GoogleCloud): readonly string[] =>
  cloud.store.list(`secretmanager/${KEYS}`).map((version) => textIn(version, 'state'));

/** What doctor finds wrong in what Terraform makes. */
async function problems({ url, project }: GoogleCloud, database: string): Promise<readonly string[]> {
  const api = createCloudApi(url, project.id, () => Promise.resolve('token'));
  const ours = { project: project.id, database, notifications: 'calendar-notifications' };
  const { deployment, findings } = await examineDeployment(api, ours);
  const all: readonly Finding[] = [
    ...(await examineServices(api, project.id, 'delegation')),
    ...(await examineDatabase(api, ours)),
    ...findings,
    ...(await examineQuota(api, scalingOf(deployment), project.id)),
    ...(await examineScheduler(api, deployment.renew, project.id)),
  ];
  return all.filter(({ verdict }) => verdict === 'wrong').map(({ what, says }) => `${what}: ${says}`);
}

describe.skipIf(missing !== '')(`the life of a deployment${missing}`, () => {
  test('keeps code, keys and data that are in use', { timeout: 900_000 }, () =>
    inProject({ pause: '0s' }, async (deployment, cloud) => {
      const settled = async (database = 'calendar-mirror'): Promise<void> => {
        expect(await deployment.planned()).toEqual([]);
        expect(await problems(cloud, database)).toEqual([]);
      };
      const plan = () => deployment.terraform('plan', '-no-color');

      await deployment.apply();
      await settled();

      const installed = servedBy(cloud);
      await deployment.edit('sync', '// version 2\n');
      await deployment.apply();
      const updated = servedBy(cloud);
      expect(updated).not.toBe(installed);
      await settled();

      cloud.refusals.failsBuild = (name) => name === 'calendar-sync';
      await deployment.edit('sync', '// version 3\n');
      const failed = await deployment.terraform('apply', '-auto-approve', '-no-color');
      expect(failed.text).toContain('Build failed');
      expect(servedBy(cloud)).toBe(updated);
      expect(await plan()).toMatchObject({
        code: 1,
        text: expect.stringContaining('The last deployment of'),
      });
      expect(await problems(cloud, 'calendar-mirror')).toEqual([expect.stringContaining('sync')]);
      cloud.refusals.failsBuild = () => false;
      await deployment.apply(`-replace=${inModule('google_cloudfunctions2_function.private["sync"]')}`);
      expect(servedBy(cloud)).not.toBe(updated);
      await settled();

      const [first] = keysOf(cloud, 1);
      await deployment.choose({ channel_token_key_versions: [2] });
      expect((await plan()).code).toBe(1);
      await deployment.choose({ channel_token_key_versions: [1, 2] });
      await deployment.apply();
      expect(keysOf(cloud, 2)).toEqual([expect.stringMatching(/^k2:/), first]);
      await settled();

      await deployment.choose({ channel_token_key_versions: [1] });
      expect((await plan()).code).toBe(1);
      await deployment.choose({ channel_token_key_versions: [2] });
      await deployment.apply();
      expect(keyStates(cloud)).toEqual(['DESTROYED', 'ENABLED']);
      await settled();

      const delegation = { channel_token_key_versions: [2], calendar_auth: 'delegation' };
      await deployment.choose(delegation);
      await deployment.apply();
      await settled();

      const databaseId = 'calendar-restored';
      const backup = `${REGION}/backups/daily`;
      cloud.cloud.store.insert(`firestore/${backup}`, { name: backup, database: DATABASE });
      const api = cloudClient(cloud.url);
      await api.make('POST', `firestore/v1/${PROJECT}/databases:restore`, { databaseId, backup });
      const { text: listed } = await deployment.terraform('state', 'list');
      const forgotten = listed.split('\n').filter((address) => FORGOTTEN.test(address));
      await deployment.run('state', 'rm', ...forgotten);
      await deployment.choose({ ...delegation, firestore_database: databaseId });
      const restored = `${PROJECT}/databases/${databaseId}`;
      await deployment.run('import', inModule('google_firestore_database.mirror[0]'), restored);
      const indexes = cloud.cloud.store.list(`firestore/${restored}/collectionGroups/-/indexes`);
      for (const [name, field] of INDEXES) {
        const isOn = new RegExp(`^\\[\\{[^}]*"fieldPath":"${field}"`);
        const index = indexes.find(({ fields }) => isOn.test(JSON.stringify(fields)));
        await deployment.run('import', inModule(`google_firestore_index.${name}`), textIn(index, 'name'));
      }
      await deployment.apply();
      await settled(databaseId);
      const original = cloud.cloud.store.get(`firestore/${DATABASE}`);
      expect(original['deleteProtectionState']).toBe('DELETE_PROTECTION_ENABLED');

      await deployment.choose({ ...delegation, firestore_database: databaseId, deletion_protection: false });
      await deployment.apply();
      await deployment.run('destroy', '-auto-approve', '-no-color');
      // The provider does not wait for the end of a database.
      await eventually(async () => {
        await api.call('GET', `firestore/v1/${restored}`);
        const left = cloud.cloud.store.keys().filter((key) => !/^(agents|enabled|archives)\//.test(key));
        expect(left.filter((key) => !key.startsWith(`firestore/${DATABASE}`))).toEqual([
          `firestore/${backup}`,
        ]);
      });
    }),
  );
});

/** README, "Restoring a backup": the indexes, and the first field of each. */
const INDEXES = [
  ['agenda', 'activeUntil'],
  ['events_by_start', 'startsAt'],
  ['events_of_user', 'user'],
  ['events_of_calendar', 'calendarId'],
] as const;

/** README, "Restoring a backup": what Terraform is made to forget. */
const FORGOTTEN = /google_firestore_|terraform_data.installation/;
