import type { CalendarClient } from '../../../functions/calendar/client.ts';
import { withRetries } from '../../../functions/calendar/retry.ts';
import { ApiError, type Collection } from './collection.ts';
import type { Faults } from './faults.ts';
import type { GoogleChannels } from './google-channels.ts';
import type { Call, Instance, ServiceProfile } from './processes.ts';
import { between } from './random.ts';
import { MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Google Calendar as one instance of a function sees it. Retries and the reading of errors are the real code. */

export type Method = 'list' | 'watch' | 'stop';

export interface Google {
  readonly time: Timeline;
  readonly faults: Faults;
  readonly call: Call;
  readonly channels: GoogleChannels;
  readonly subjectOf: (user: string) => Subject;
  readonly collectionOf: (subject: Subject) => Collection;
  readonly called: (subject: Subject, method: Method) => void;
}

/** The error that the client library throws when a connection breaks. */
const networkError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

function createProfiles(google: Google): (method: Method) => ServiceProfile {
  const { faults } = google;
  const profileOf = (isAboutItems: boolean): ServiceProfile => ({
    service: 'calendar',
    latency: [40, 400],
    timeoutMs: 10_000,
    unavailable: (subject) => {
      if (faults.isOverQuota(subject) || faults.strikes(subject, 'quota')) {
        return subject.dice('quota')() < 0.5
          ? new ApiError(429, 'rateLimitExceeded')
          : new ApiError(403, 'userRateLimitExceeded');
      }
      if (faults.strikes(subject, 'serverError')) {
        return subject.dice('quota')() < 0.8
          ? new ApiError(503, 'backendError')
          : networkError('ECONNREFUSED');
      }
      const status = faults.rejection(subject);
      if (status === 403) return new ApiError(403, 'forbidden');
      // Channels of a calendar that does not exist any more can still be stopped.
      return status === 404 && isAboutItems ? new ApiError(404, 'notFound') : undefined;
    },
    lost: (subject) =>
      faults.strikes(subject, 'calendarAnswerLost') ? networkError('ECONNRESET') : undefined,
  });
  const [ofItems, ofChannels] = [profileOf(true), profileOf(false)];
  return (method) => (method === 'stop' ? ofChannels : ofItems);
}

/** Returns a factory of clients, one for each instance, of one Google Calendar. */
export function createCalendar(google: Google): (instance: Instance) => CalendarClient {
  const { time, faults, call, channels, subjectOf, collectionOf, called } = google;
  const profileOf = createProfiles(google);
  return (instance) => {
    const once = async <T>(subject: Subject, method: Method, done: () => T): Promise<T> => {
      called(subject, method);
      try {
        return await call(instance, subject, profileOf(method), done);
      } catch (error) {
        // An outage of Google is an HTTP error.
        throw error instanceof Error && error.name === 'Injected' ? new ApiError(503, 'backendError') : error;
      }
    };
    const retryDeps = (subject: Subject) => ({
      random: subject.dice('backoff'),
      sleep: (ms: number): Promise<void> =>
        new Promise((resolve) => {
          time.resume(ms, () => {
            if (instance.isAlive()) resolve();
          });
        }),
    });

    return {
      list: (_as, { user }, parameters, tokens) => {
        const subject = subjectOf(user);
        const collection = collectionOf(subject);
        return withRetries(
          () =>
            once(subject, 'list', () => {
              if (tokens.syncToken !== undefined && faults.strikes(subject, 'syncTokenDies')) {
                collection.killSyncTokens();
              }
              if (tokens.pageToken !== undefined && faults.strikes(subject, 'pageTokenDies')) {
                collection.killPageToken(tokens.pageToken);
              }
              const asOf = faults.strikes(subject, 'listLags')
                ? time.now() - between(subject.dice('lag'), 0, MINUTE)
                : undefined;
              return collection.list(JSON.stringify(parameters), tokens, asOf);
            }),
          retryDeps(subject),
          { idempotent: true },
        );
      },

      get: (_as, { user }, eventId) => {
        const subject = subjectOf(user);
        return withRetries(
          () => once(subject, 'list', () => collectionOf(subject).get(eventId)),
          retryDeps(subject),
          { idempotent: true },
        );
      },

      watch: (_as, { user }, _parameters, { channelId: id, token, expiresAt }) => {
        const subject = subjectOf(user);
        return withRetries(
          () =>
            once(subject, 'watch', () => {
              if (!subject.pushable) throw new ApiError(400, 'pushNotSupportedForRequestedResource');
              if (faults.strikes(subject, 'watchRejected'))
                throw new ApiError(401, 'push.webhookUrlUnauthorized');
              return channels.open(subject, { id, token, expiresAt });
            }),
          retryDeps(subject),
          { idempotent: false },
        );
      },

      stop: async (_as, { user }, channelId, resourceId) => {
        const subject = subjectOf(user);
        const answer = await withRetries(
          () => once(subject, 'stop', () => channels.stop(subject, channelId, resourceId)),
          retryDeps(subject),
          { idempotent: true },
        );
        if (answer.ok) return { ok: true, value: true };
        return answer.problem.kind === 'notFound' ? { ok: true, value: false } : answer;
      },
    };
  };
}
