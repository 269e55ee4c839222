import type { Api } from '../../local/demo/api.ts';
import type { Session } from '../session.ts';
import type { Actor } from './actor.ts';
import type { Evidence } from './evidence.ts';
import type { Follower } from './lists.ts';
import type { TrialWatch, Witness } from './witness.ts';

/** What the parts of a running trial share. */
export interface Trial {
  readonly session: Session;
  readonly actor: Actor;
  readonly api: Api;
  readonly calendarId: string;
  readonly events: TrialWatch;
  readonly acl: TrialWatch;
  readonly witness: Witness;
  readonly evidence: Evidence;
  /** How long each edit may take. */
  readonly timeoutMs: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The trial's own incremental lists. */
  readonly lists: { readonly events: Follower; readonly acl: Follower };
}
