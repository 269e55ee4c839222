import type { Open } from './session.ts';
import { print, tell } from './terminal.ts';
import { watchJson, watchTable } from './watch-view.ts';

/** `calendar-mirror list`: every watch, one a line. */
export async function run(open: Open): Promise<void> {
  const session = await open();
  const watches = await session.wishes.listWatches();
  const now = session.now();
  if (session.json) for (const listed of watches) session.printJson(watchJson(listed, now));
  else if (watches.length > 0) print(watchTable(watches, now));
  if (watches.length === 0) tell('There are no watches. Make one: calendar-mirror watch ada@example.com');
}
