import { wrong, well, type Finding } from './finding.ts';
import { ENTRIES, locationOf, type Deployment } from './functions.ts';

/** Checks that the functions publish in their own region. Messages of an ordering key are ordered within one region only. */

const WHAT = 'Pub/Sub endpoint';
const GLOBAL = 'https://pubsub.googleapis.com';

/**
 * Judges `PUBSUB_ENDPOINT` of the deployed functions. Pure.
 * @see https://cloud.google.com/pubsub/docs/ordering#publishing
 */
export function judgeEndpoint(deployment: Deployment, project: string): readonly Finding[] {
  const endpoints = ENTRIES.flatMap((entry) => {
    const deployed = deployment[entry];
    if (deployed === undefined) return [];
    const { name, region } = locationOf(deployed);
    const given = deployed.serviceConfig.environmentVariables['PUBSUB_ENDPOINT'] || GLOBAL;
    return [
      { name, region, given: given.replace(/\/+$/, ''), due: `https://${region}-pubsub.googleapis.com` },
    ];
  });
  if (endpoints.length === 0) return [];
  const findings = endpoints
    .filter(({ given, due }) => given !== due)
    .map(({ name, region, given, due }) =>
      wrong(
        WHAT,
        `${name} publishes to ${given}: messages of one key may be delivered out of order`,
        `terraform apply, or gcloud run services update ${name} --update-env-vars=PUBSUB_ENDPOINT=${due} --region=${region} --project=${project}`,
      ),
    );
  const all = [...new Set(endpoints.map(({ due }) => due))].join(', ');
  return findings.length > 0 ? findings : [well(WHAT, all)];
}
