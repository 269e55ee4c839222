import { setLogFunction } from '@google-cloud/firestore';
import * as z from 'zod';

/** What Firestore bills: documents read (an empty query costs one), written and deleted. */
export interface Bill {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
}

const message = z.object({
  /** Of batchGetDocuments. */
  documents: z.array(z.unknown()).optional(),
  /** Of runQuery. */
  structuredQuery: z.unknown().optional(),
  /** Of commit. */
  writes: z.array(z.record(z.string(), z.unknown())).optional(),
  /** In each response of runQuery with a document. */
  document: z.unknown().optional(),
});

const LINE = /Z (\S+) \[Firestore\.request(?:Stream)?\]: (Sending request|Received response): (\{.*\})$/s;

/** Counts what the Firestore clients of this process send from now on, through the client's log of requests. `stop` restores the log. */
export function startBill(): { readonly total: () => Bill; readonly stop: () => void } {
  /** Documents found so far, by the tag of a query's request. */
  const queries = new Map<string, number>();
  let [gets, writes, deletes] = [0, 0, 0];
  setLogFunction((line) => {
    const [, tag, kind, json] = LINE.exec(line) ?? [];
    if (tag === undefined || json === undefined) return;
    const { documents, structuredQuery, document, ...sent } = message.parse(JSON.parse(json));
    if (kind === 'Received response') {
      const found = queries.get(tag);
      if (found !== undefined && document) queries.set(tag, found + 1);
      return;
    }
    gets += documents?.length ?? 0;
    if (structuredQuery !== undefined) queries.set(tag, 0);
    for (const write of sent.writes ?? []) {
      if ('delete' in write) deletes += 1;
      else writes += 1;
    }
  });
  return {
    total: () => {
      const queried = [...queries.values()].reduce((sum, found) => sum + Math.max(1, found), 0);
      return { reads: gets + queried, writes, deletes };
    },
    stop: () => setLogFunction(null),
  };
}
