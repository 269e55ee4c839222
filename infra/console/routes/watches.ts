/** A watch in full: its spec, its channels, its items and its last syncs. */
import { Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';

import { readResult } from '../../../functions/watches/watch.ts';
import type { ConsoleContext } from '../context.ts';
import type { ChannelView, WatchDetails } from '../model/watch-details.ts';
import type { Routes } from '../server/exchange.ts';
import { watchNotFound } from './watch.ts';

const millis = z.instanceof(Timestamp).transform((time) => time.toMillis());
const ChannelDocument = z.object({
  state: z.enum(['creating', 'live', 'unwanted']),
  expiresAt: millis,
});

/** `GET /api/watches/<watch>`: what its page shows besides the line in the list. */
export const watchRoutes = ({ session, state }: ConsoleContext): Routes => ({
  'GET /api/watches/*': async (_request, [id = '']): Promise<WatchDetails> => {
    const { firestore } = session;
    const document = await firestore.doc(`watches/${id}`).get();
    const listed = readResult(document);
    if (listed === undefined) throw watchNotFound(id);
    const collection = listed.ok ? listed.watch.collection : undefined;
    const [channels, items, follows] = await Promise.all([
      firestore.collection('channels').where('watch', '==', id).get(),
      collection === undefined ? 0 : session.admin.countItems(collection),
      session.admin.countFollowed(id),
    ]);
    const spec: unknown = document.get('spec');
    return {
      spec: spec ?? null,
      collection: collection ?? null,
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
