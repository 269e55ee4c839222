import type { CalendarClient } from '../../functions/calendar/client.ts';
import { withRetries } from '../../functions/calendar/retry.ts';
import { Refused, type Collection } from './collection.ts';
import type { Faults } from './faults.ts';
import type { GoogleChannels } from './google-channels.ts';
import type { Call, Instance, Manners } from './processes.ts';
import { between } from './random.ts';
import { MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Google Calendar as one instance of a function sees it: the real retries and the real reading of refusals over it. */

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

/** As the client library throws it when a connection breaks. */
const networkError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

/** Users whose quota is used up for some time. */
function createQuotas({ time, faults }: Google) {
  const until = new Map<number, number>();
  return (subject: Subject): boolean => {
    if (faults.strikes(subject, 'quotaForLong')) {
      until.set(subject.number, time.now() + between(subject.dice('quota'), MINUTE, 30 * MINUTE));
    }
    return (until.get(subject.number) ?? 0) > time.now() || faults.strikes(subject, 'quota');
  };
}

function createManners(google: Google): (method: Method) => Manners {
  const { faults } = google;
  const isOverQuota = createQuotas(google);
  const mannersOf = (isAboutItems: boolean): Manners => ({
    service: 'calendar',
    latency: [40, 400],
    patience: 10_000,
    unavailable: (subject) => {
      if (isOverQuota(subject)) {
        return subject.dice('quota')() < 0.5
          ? new Refused(429, 'rateLimitExceeded')
          : new Refused(403, 'userRateLimitExceeded');
      }
      if (faults.strikes(subject, 'serverError')) {
        return subject.dice('quota')() < 0.8
          ? new Refused(503, 'backendError')
          : networkError('ECONNREFUSED');
      }
      const status = faults.refusal(subject);
      if (status === 403) return new Refused(403, 'forbidden');
      // A calendar that is not there any more does not keep its channels from being stopped.
      return status === 404 && isAboutItems ? new Refused(404, 'notFound') : undefined;
    },
    lost: (subject) =>
      faults.strikes(subject, 'calendarAnswerLost') ? networkError('ECONNRESET') : undefined,
  });
  const [ofItems, ofChannels] = [mannersOf(true), mannersOf(false)];
  return (method) => (method === 'stop' ? ofChannels : ofItems);
}

/** Makes a client for each instance; what Google knows is one. */
export function createCalendar(google: Google): (instance: Instance) => CalendarClient {
  const { time, faults, call, channels, subjectOf, collectionOf, called } = google;
  const mannersOf = createManners(google);
  return (instance) => {
    const once = async <T>(subject: Subject, method: Method, done: () => T): Promise<T> => {
      called(subject, method);
      try {
        return await call(instance, subject, mannersOf(method), done);
      } catch (error) {
        // An outage of Google's shows as an answer, too.
        throw error instanceof Error && error.name === 'Injected' ? new Refused(503, 'backendError') : error;
      }
    };
    const patienceFor = (subject: Subject) => ({
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
          patienceFor(subject),
          false,
        );
      },

      watch: (_as, { user }, _parameters, { channelId: id, token, expiresAt }) => {
        const subject = subjectOf(user);
        return withRetries(
          () =>
            once(subject, 'watch', () => {
              if (!subject.pushable) throw new Refused(400, 'pushNotSupportedForRequestedResource');
              if (faults.strikes(subject, 'watchRefused'))
                throw new Refused(401, 'push.webhookUrlUnauthorized');
              return channels.open(subject, { id, token, expiresAt });
            }),
          patienceFor(subject),
          true,
        );
      },

      stop: async (_as, { user }, channelId, resourceId) => {
        const subject = subjectOf(user);
        const answer = await withRetries(
          () => once(subject, 'stop', () => channels.stop(subject, channelId, resourceId)),
          patienceFor(subject),
          false,
        );
        if (answer.ok) return { ok: true, value: true };
        return answer.problem.kind === 'notFound' ? { ok: true, value: false } : answer;
      },
    };
  };
}
