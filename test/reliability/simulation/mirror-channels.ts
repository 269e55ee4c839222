import type { Mirror } from '../../../functions/mirror/index.ts';
import type { Ask, ChannelDocument, Documents } from './documents.ts';

/** Channels of the in-memory mirror: what `functions/watches/channels.ts` does in Firestore. */

type Channels = Pick<
  Mirror,
  | 'intendChannel'
  | 'adoptChannel'
  | 'loadChannel'
  | 'dueChannels'
  | 'rescheduleChannel'
  | 'forgetChannel'
  | 'noteStrayChannel'
>;

export function createChannels(documents: Documents, ask: Ask): Channels {
  const { watches, channels, now, read, write, enter } = documents;
  const update = (id: string, changes: Partial<ChannelDocument>): void => {
    const document = channels.get(id);
    if (document) channels.set(id, { ...document, ...changes });
  };
  /** Returns the watch of a channel; an empty id if the channel is forgotten. */
  const watchOf = (id: string): string => channels.get(id)?.watch ?? '';
  return {
    intendChannel: (channel) =>
      ask.of(channel.watch, (subject) => {
        if (channels.has(channel.id)) throw new Error(`channel ${channel.id} exists already`);
        channels.set(channel.id, { ...channel, subject, state: 'creating' });
      }),

    adoptChannel: (asRead, watchSpec, { id, resourceId, expiresAt }, nextCheckAt) =>
      ask.of(asRead.id, () => {
        const document = watches.get(asRead.id);
        const watch = document && read(document);
        const wanted =
          watch?.spec.ok === true &&
          watch.spec.value.removed === undefined &&
          watch.spec.value.parametersKey === watchSpec.parametersKey &&
          watch.collection === watchSpec.collection &&
          watch.channel?.id === asRead.channel?.id;
        if (!channels.has(id)) throw new Error(`channel ${id} is not known`);
        if (document === undefined || !wanted) {
          update(id, { state: 'unwanted', resourceId, expiresAt, nextDueAt: now() });
          return false;
        }
        if (watch.channel) update(watch.channel.id, { state: 'unwanted', nextDueAt: now() });
        update(id, { state: 'live', resourceId, expiresAt, nextDueAt: Math.floor(nextCheckAt) });
        const resting = watch.state === 'paused' || watch.state === 'gone';
        const changes = {
          channel: {
            id,
            resourceId,
            expiresAt,
            createdAt: now(),
            lifetimeMs: expiresAt - asRead.readTime,
            parametersKey: watchSpec.parametersKey,
          },
          watchCall: undefined,
        };
        if (resting) write(document, changes);
        else enter(document, { state: 'active' }, changes);
        return true;
      }),

    loadChannel: (id) => ask.of(watchOf(id), () => channels.get(id)),

    dueChannels: (at, limit) =>
      ask.all(() => {
        const found: ChannelDocument[] = [];
        for (const document of channels.values()) if (document.nextDueAt <= at) found.push(document);
        return found.toSorted((a, b) => a.nextDueAt - b.nextDueAt).slice(0, limit);
      }),

    rescheduleChannel: (id, nextDueAt, unwanted) =>
      ask.of(watchOf(id), () => update(id, { nextDueAt: Math.floor(nextDueAt), ...unwanted })),

    forgetChannel: (id) => ask.of(watchOf(id), () => void channels.delete(id)),

    noteStrayChannel: (id, resourceId, stop) =>
      ask.of(watchOf(id), () =>
        update(id, { resourceId, ...(stop ? { nextDueAt: now(), state: 'unwanted' as const } : {}) }),
      ),
  };
}
