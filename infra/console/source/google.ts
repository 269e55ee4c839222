/** Google's own answer to a question about a week, with the credentials of the watch. */
import { calendar as createApi } from 'googleapis/build/src/apis/calendar/index.js';
import * as z from 'zod';

import { createAmbient } from '../../../functions/calendar/auth/adc.ts';
import { createCredentials } from '../../../functions/calendar/auth/index.ts';
import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { classify } from '../../../functions/calendar/errors.ts';
import { quotaUser } from '../../../functions/calendar/resources.ts';
import { errorText } from '../../../functions/runtime/log.ts';
import { judgeAccess } from '../../cli/doctor/access.ts';
import type { Session } from '../../cli/session.ts';
import { tokenStoreOf } from '../../cli/tokens/choice.ts';
import type { Cloud } from '../../local/cloud.ts';
import type { Event, GoogleSide } from '../model/week.ts';

export interface GoogleQuestion {
  readonly user: string;
  readonly calendarId: string;
  readonly eventTypes: readonly string[];
  /** Undefined: the configured mode. */
  readonly auth: AuthMode | undefined;
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
}

const Page = z.object({
  items: z.array(z.custom<Event>((value) => typeof value === 'object' && value !== null)).nullish(),
  nextPageToken: z.string().nullish(),
});
type Page = z.infer<typeof Page>;

const TIMEOUT_MS = 30_000;

const notShown = (why: string, fix: string | null): GoogleSide => ({
  ok: false,
  problem: `Google’s side cannot be shown: ${why}`,
  fix,
});

/** Without the mode it is not known whose credentials the functions use. */
const NO_MODE = notShown(
  'it is not known how the functions call Google',
  'set CALENDAR_AUTH as in the deployment, and start the console again',
);

const IMPERSONATE =
  'gcloud auth application-default login --impersonate-service-account=ACCOUNT_OF_SYNC, and start the console again';

/** Returns how Google is asked: the emulator of the cloud on this machine, or Google with the credentials of the functions. */
export function createGoogle(session: Session, cloud: Cloud | undefined) {
  return cloud === undefined
    ? askGoogle(session)
    : (question: GoogleQuestion) => askEmulator(cloud, question);
}

const queryOf = ({ from, to, eventTypes }: GoogleQuestion) => ({
  singleEvents: true,
  maxResults: 2_500,
  timeMin: new Date(from).toISOString(),
  timeMax: new Date(to).toISOString(),
  ...(eventTypes.length > 0 ? { eventTypes: [...eventTypes] } : {}),
});

/** Reads all pages. */
async function readPages(read: (pageToken: string | undefined) => Promise<Page>): Promise<GoogleSide> {
  const events: Event[] = [];
  let pageToken: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const page = await read(pageToken);
    events.push(...(page.items ?? []));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return { ok: true, events };
}

/** A read that leaves no trace: it must not use up a fault that is meant for sync, and is not in the journal. */
async function askEmulator({ urls }: Cloud, question: GoogleQuestion): Promise<GoogleSide> {
  const url = new URL(
    `${urls.calendar}/emulator/as/calendars/${encodeURIComponent(question.calendarId)}/events`,
  );
  const { eventTypes = [], ...rest } = queryOf(question);
  for (const [name, value] of Object.entries(rest)) url.searchParams.set(name, String(value));
  for (const type of eventTypes) url.searchParams.append('eventTypes', type);
  url.searchParams.set('user', question.user);
  try {
    return await readPages(async (pageToken) => {
      if (pageToken !== undefined) url.searchParams.set('pageToken', pageToken);
      const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!answer.ok) throw new Error(`the emulator answers ${String(answer.status)}`);
      return Page.parse(await answer.json());
    });
  } catch (error) {
    return notShown(errorText(error), null);
  }
}

function askGoogle({ config, firestore, now }: Session) {
  const credentialsOf = createCredentials(
    { ...config, ...tokenStoreOf(config, undefined) },
    createAmbient(),
    now,
    firestore,
  );
  const api = createApi({ version: 'v3', retry: false, timeout: TIMEOUT_MS });
  const root = config.CALENDAR_API_ROOT_URL;
  const options = root === undefined ? {} : { rootUrl: root.endsWith('/') ? root : `${root}/` };

  return async (question: GoogleQuestion): Promise<GoogleSide> => {
    const mode = question.auth ?? config.CALENDAR_AUTH;
    if (mode === undefined) return NO_MODE;
    const { user, calendarId } = question;
    const common = { ...queryOf(question), calendarId, quotaUser: quotaUser(user) };
    try {
      return await readPages((pageToken) =>
        credentialsOf(mode, user, 'events').use(async (auth) => {
          const token = pageToken === undefined ? {} : { pageToken };
          const { data } = await api.events.list({ ...common, ...token, auth }, options);
          return Page.parse(data);
        }),
      );
    } catch (error) {
      const problem = classify(error);
      if (mode === 'service-account') {
        return notShown(
          `in this deployment only the service account of sync can read the calendar (${problem.reason})`,
          IMPERSONATE,
        );
      }
      const { says, fix } = judgeAccess(user, 'events', mode, { ok: false, problem });
      return notShown(says, fix ?? null);
    }
  };
}
