import { unknown, well, wrong, type Finding } from './finding.ts';
import { locationOf, type Deployed, type Entry } from './functions.ts';

/** Checks that a function serves the code that was deployed last. */

const DEPLOY = 'terraform apply, or gcloud functions deploy (infra/gcloud.md)';

/**
 * What the states of a function mean for its callers.
 * https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#state
 */
const STATES: Readonly<Record<string, 'serves' | 'changes'>> = {
  ACTIVE: 'serves',
  DETACH_FAILED: 'serves',
  DEPLOYING: 'changes',
  DELETING: 'changes',
  DETACHING: 'changes',
};

/** Returns the first error of a function's last deployment. */
const deploymentError = ({ stateMessages }: Deployed): string | undefined =>
  stateMessages.find(({ severity }) => severity === 'ERROR')?.message ?? undefined;

/** Generations of Cloud Storage grow. https://cloud.google.com/storage/docs/metadata#generation-number */
const newest = (generations: readonly (string | null | undefined)[]): bigint | undefined =>
  generations
    .filter((each): each is string => /^\d+$/.test(each ?? ''))
    .map(BigInt)
    .toSorted((a, b) => (a < b ? 1 : -1))[0];

/**
 * Returns whether the source has a newer generation than the one that was built: a deployment whose build failed stores its source, and
 * the code before it goes on to run.
 */
export function isOutdated({ buildConfig, newestSource }: Deployed): boolean {
  const given = buildConfig.source?.storageSource?.generation;
  const built = newest([buildConfig.sourceProvenance?.resolvedStorageSource?.generation ?? given]);
  const latest = newest([given, newestSource]);
  return built !== undefined && latest !== undefined && latest > built;
}

/** Returns the fix of a failed deployment. */
function repairOf(found: Deployed, project: string): string {
  const { name, region } = locationOf(found);
  const of = `--region=${region} --project=${project}`;
  return `read why: gcloud functions logs read ${name} --gen2 --limit=50 ${of}; gcloud builds list --filter=status=FAILURE --limit=5 ${of}; then deploy again (infra/terraform/README.md, A failed build)`;
}

/**
 * Judges a function. Pure.
 * @param found undefined if it does not exist.
 * @param unreachable the regions that did not respond.
 */
export function judgeFunction(
  entry: Entry,
  found: Deployed | undefined,
  project: string,
  unreachable: readonly string[],
): Finding {
  if (found === undefined) {
    return unreachable.length > 0
      ? unknown(entry, `not found, but ${unreachable.join(', ')} did not respond`, 'try again')
      : wrong(entry, 'is not deployed', DEPLOY);
  }
  const { name, region } = locationOf(found);
  const state = found.state ?? 'in an unknown state';
  const means = STATES[state];
  const error = deploymentError(found);
  if (means === 'changes') return unknown(entry, `${name} is ${state}`, 'try again when that has finished');
  if (means === undefined) {
    return wrong(
      entry,
      `${name} is ${state}${error === undefined ? '' : `: ${error}`}`,
      repairOf(found, project),
    );
  }
  if (error !== undefined || isOutdated(found)) {
    const because = error ?? 'its source is newer than its build';
    return wrong(
      entry,
      `${name} serves, but its last deployment failed: ${because}`,
      repairOf(found, project),
    );
  }
  const given = found.serviceConfig.environmentVariables['GOOGLE_CLOUD_PROJECT'];
  return given === project
    ? well(entry, `${name} in ${region}`)
    : wrong(entry, `${name} has GOOGLE_CLOUD_PROJECT=${given ?? ''}, not ${project}`, DEPLOY);
}
