/**
 * Derives `calendar-v3.json` from Google's discovery document, which
 * [google-api-python-client](https://pypi.org/project/google-api-python-client/) contains as
 * `googleapiclient/discovery_cache/documents/calendar.v3.json`:
 *
 *   node infra/emulator/definition/derive.ts <discovery.json> > infra/emulator/definition/calendar-v3.json
 *
 * The result is a discovery document without descriptions, except those of scopes, which a consent page shows. What only the
 * descriptions of fields say is kept as `readOnly` and `deprecated`.
 */
import { readFileSync } from 'node:fs';

const DROPPED = new Set(['description', 'enumDescriptions', 'icons', 'documentationLink']);

/** Returns a part of the document without its texts. `named` says that the keys of an object are names, which may be any. */
function strip(value: unknown, named = false): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => strip(element));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .filter(([key]) => named || !DROPPED.has(key))
    .map(([key, member]: [string, unknown]) => [
      key,
      key === 'auth' ? member : strip(member, !named && isNaming(key, member)),
    ]);
  return { ...Object.fromEntries(kept), ...(named ? {} : saidOf(value)) };
}

/** Schemas, properties, parameters, methods and resources are objects whose keys are names. */
const isNaming = (key: string, member: unknown): boolean =>
  /^(?:schemas|properties|parameters|methods|resources)$/.test(key) && !Array.isArray(member);

/** Returns what only a description says of a field or a parameter. */
function saidOf(value: object): { readOnly?: true; deprecated?: true } {
  const text = 'description' in value ? String(value.description) : '';
  return {
    ...(/\bRead-only\b/.test(text) && { readOnly: true }),
    ...(/^Deprecated\b|\bThis property is deprecated\b|\(deprecated\)/i.test(text) && { deprecated: true }),
  };
}

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('Usage: node infra/emulator/definition/derive.ts <discovery.json>\n');
  process.exitCode = 2;
} else {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  process.stdout.write(`${JSON.stringify(strip(document), null, 1)}\n`);
}
