/** The doctor's findings on deployments that failed while the code before them serves. */
import { describe, expect, test } from 'vitest';
import { isOutdated, judgeFunction } from '../../../../../infra/cli/doctor/serving.ts';
import { deployed, DEPLOYED, sourceOf } from '../../../../support/deployed-cloud.ts';

const sync = deployed('sync');
const message = 'Build failed with status: FAILURE';
const failed = { severity: 'ERROR', message };

describe('a function whose last deployment failed', () => {
  test.each([
    ['FAILED', `calendar-sync is FAILED: ${message}`],
    ['ACTIVE', `calendar-sync serves, but its last deployment failed: ${message}`],
  ])('is wrong in state %s, with the message and where to read more', (state, says) => {
    const finding = judgeFunction('sync', { ...sync, state, stateMessages: [failed] }, DEPLOYED, []);
    const of = `--region=europe-west1 --project=${DEPLOYED}`;
    expect(finding).toEqual({
      what: 'sync',
      verdict: 'wrong',
      says,
      fix: `read why: gcloud functions logs read calendar-sync --gen2 --limit=50 ${of}; gcloud builds list --filter=status=FAILURE --limit=5 ${of}; then deploy again (infra/terraform/README.md, A failed build)`,
    });
  });

  test('is well again with messages that are no errors', () => {
    const stateMessages = [{ severity: 'INFO', message: 'x' }];
    expect(judgeFunction('sync', { ...sync, stateMessages }, DEPLOYED, []).verdict).toBe('well');
  });
});

const at = (generation: string | undefined) =>
  generation === undefined ? null : sourceOf('sync', generation);

/** Judges a function by the generations of its source. */
const isOutdatedWith = (given: string | undefined, provenance: string | undefined, newestSource?: string) => {
  const buildConfig = {
    source: { storageSource: at(given) },
    sourceProvenance: { resolvedStorageSource: at(provenance) },
  };
  return isOutdated({ ...sync, buildConfig, newestSource });
};

describe('the source of a function', () => {
  test.each([
    ['7', '7', '7', false],
    ['7', '7', undefined, false],
    ['8', '7', undefined, true],
    ['7', '7', '8', true],
    ['7', undefined, '8', true],
    ['9', '9', '10', true],
    ['1893456000000001', '1893456000000001', '1893456000000002', true],
    [undefined, undefined, '8', false],
    [undefined, undefined, undefined, false],
  ])('given %s, built %s and stored %s is outdated: %s', (given, provenance, stored, expected) => {
    expect(isOutdatedWith(given, provenance, stored)).toBe(expected);
  });
});
