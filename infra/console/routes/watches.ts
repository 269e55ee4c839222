/** A watch in full: its spec, its channels, its items and its last syncs. */
import { Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';

import type { ConsoleContext } from '../context.ts';
import type { ChannelView, WatchDetails } from '../model/watch-details.ts';
import { RouteError, type Routes } from '../server/exchange.ts';

const millis = z.instanceof(Timestamp).transform((time) => time.toMillis());
const ChannelDocument = z.object({
  state: z.enum(['creating', 'live', 'unwanted']),
  expiresAt: millis,
});

/** `GET /api/watches/<watch>`: what its page shows besides the line in the list. */
export const watchRoutes = ({ session, state }: ConsoleContext): Routes => ({
  'GET /api/watches/*': async (_request, [id = '']): Promise<WatchDetails> => {
    const listed = await session.admin.findWatch(id);
    if (listed === undefined) throw new RouteError(404, `there is no watch ${JSON.stringify(id)}`);
    const { firestore } = session;
    const [document, channels, items, follows] = await Promise.all([
      firestore.doc(`watches/${id}`).get(),
      firestore.collection('channels').where('watch', '==', id).get(),
      listed.ok && listed.watch.collection !== undefined
        ? session.admin.countItems(listed.watch.collection)
        : 0,
      session.admin.countFollowed(id),
    ]);
    const spec: unknown = document.get('spec');
    return {
      spec: spec ?? null,
      collection: (listed.ok ? listed.watch.collection : undefined) ?? null,
      items,
      follows,
      channels: channels.docs.flatMap((each): readonly ChannelView[] => {
        const parsed = ChannelDocument.safeParse(each.data());
        return parsed.success ? [{ id: each.id, createdAt: each.createTime.toMillis(), ...parsed.data }] : [];
      }),
      syncs: state.syncsOf(id),
    };
  },
});
