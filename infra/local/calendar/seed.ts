import { z } from 'zod';
import type { Store } from './store.ts';

/** What the emulator can start with: users, their calendars, events and rules. */
export const Seed = z.object({ users: z.array(z.object({ email: z.email() })) });
export type Seed = z.infer<typeof Seed>;

/** Puts everything in the seed into the store, through the API's own rules. */
export function applySeed(store: Store, seed: Seed): void {
  for (const user of seed.users) store.signIn(user.email);
}
