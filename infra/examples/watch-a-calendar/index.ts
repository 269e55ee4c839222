/** Creates a watch, lists all watches, and removes the watch. */
import { Firestore } from '@google-cloud/firestore';
import { listWatches, putWatch, removeWatch } from 'calendar-mirror/watches';

const firestore = new Firestore();

const calendarId = 'team@group.calendar.google.com';
const id = await putWatch(firestore, { user: 'ana@example.com', resource: 'events', calendarId });
for (const watch of await listWatches(firestore)) console.log(watch.id, watch.state);

await removeWatch(firestore, id, 'keep'); // 'purge' deletes the mirrored items too
