/** `terraform apply` of the module with Google's real provider, against the stand-in for Google Cloud. */
import { describe, expect, test } from 'vitest';
import { examinePlan, readPlan } from '../../../../infra/cli/doctor/plan.ts';
import type { GoogleCloud } from '../../../support/google-cloud/index.ts';
import type { Resource } from '../../../support/google-cloud/resource.ts';
import { inProject } from '../../../support/terraform/apply.ts';
import { whyNot } from '../../../support/terraform/terraform.ts';

/** Why the tests are left out, for their title. */
const missing = whyNot();

const PROJECT = 'projects/demo-project';
const REGION = `${PROJECT}/locations/europe-west1`;

const serviceOf = ({ cloud }: GoogleCloud, name: string): Resource =>
  cloud.store.get(`run/${REGION}/services/calendar-${name}`);

/** Requests that change an index of the database. */
const indexChanges = ({ requests }: GoogleCloud): readonly string[] =>
  requests.filter((request) => /^(?:PATCH|POST|DELETE) \S+\/collectionGroups\//.test(request));

// Most of a run is waiting: the provider pauses after each service account and each grant.
describe.skipIf(missing !== '').concurrent(`terraform apply${missing}`, { timeout: 400_000 }, () => {
  test('needs one apply where nothing takes effect at once, and allUsers is forbidden', () =>
    inProject({ pause: '4s' }, async (deployment, cloud) => {
      Object.assign(cloud.refusals, {
        apiDelayMs: 2000,
        accountDelayMs: 2000,
        rightsDelayMs: 2000,
        metricDelayMs: 2000,
        lazyAgents: true,
        indexChanges: 1,
        allUsersForbidden: true,
        // A new project has 10 to 20 in a region.
        vcpuQuota: 10,
      });
      await deployment.choose({ public_access: 'check-disabled' });
      await deployment.apply();
      expect(serviceOf(cloud, 'receive')['invokerIamDisabled']).toBe(true);
      expect(indexChanges(cloud).filter((request) => !request.endsWith(' 200'))).toEqual([]);
      expect(await deployment.planned()).toEqual([]);
      // A deployment of the function for any reason turns the check on again.
      await deployment.choose({ public_access: 'check-disabled', labels: { team: 'calendar' } });
      await deployment.apply();
      expect(serviceOf(cloud, 'receive')['invokerIamDisabled']).toBe(true);
    }));

  test('goes on after a first build that failed, and says what to do about a quota', () =>
    inProject({ pause: '0s' }, async (deployment, cloud) => {
      cloud.refusals.failsBuild = (name) => name === 'calendar-receive';
      cloud.refusals.vcpuQuota = 3;
      const failed = await deployment.terraform('apply', '-auto-approve', '-no-color');
      expect(failed.text).toContain('Build failed');
      cloud.refusals.failsBuild = () => false;
      const refused = await deployment.terraform('apply', '-auto-approve', '-no-color');
      expect(refused.text).toContain('Max instances must be set to 3 or fewer');
      await deployment.choose({ max_instances: { receive: 3, sync: 3, renew: 1 } });
      await deployment.apply();
      expect(await deployment.planned()).toEqual([]);
    }));

  test('is refused by doctor, before anything is created, where Google would reject a part of the plan', () =>
    inProject({ pause: '0s' }, async (deployment, cloud) => {
      Object.assign(cloud.refusals, { vcpuQuota: 8, allUsersForbidden: true });
      const problems = async (): Promise<readonly string[]> => {
        await deployment.run('plan', '-out=plan', '-no-color');
        const { text } = await deployment.terraform('show', '-json', 'plan');
        const findings = await examinePlan(readPlan(text, ''), cloud.url, () => Promise.resolve('token'));
        return findings.flatMap(({ verdict, fix = '' }) => (verdict === 'wrong' ? [fix] : []));
      };
      expect(await problems()).toEqual([
        expect.stringMatching(/^set its max_instances to 8 or fewer/),
        expect.stringMatching(/^set public_access = "check-disabled"/),
      ]);
      expect(
        cloud.requests.filter((request) => !request.startsWith('GET ') && !/OrgPolicy/.test(request)),
      ).toEqual([]);
      await deployment.choose({ max_instances: { sync: 8 }, public_access: 'check-disabled' });
      expect(await problems()).toEqual([]);
    }));

  test('needs one more apply after the organisation rejected allUsers', () =>
    inProject({ pause: '0s' }, async (deployment, cloud) => {
      cloud.refusals.allUsersForbidden = true;
      const refused = await deployment.terraform('apply', '-auto-approve', '-no-color');
      expect(refused.text).toContain('do not belong to a permitted customer');
      await deployment.choose({ public_access: 'check-disabled' });
      await deployment.apply();
      expect(serviceOf(cloud, 'receive')['invokerIamDisabled']).toBe(true);
      expect(await deployment.planned()).toEqual([]);
    }));
});
