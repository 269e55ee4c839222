/** The form of all advice about an answer from Google. Pure. */

const GUIDES = 'https://developers.google.com/workspace/calendar/api/guides';
const PAGES = {
  errors: `${GUIDES}/errors`,
  push: `${GUIDES}/push`,
  quota: `${GUIDES}/quota`,
  sync: `${GUIDES}/sync`,
  list: 'https://developers.google.com/workspace/calendar/api/v3/reference/events/list',
  scopes: 'https://developers.google.com/workspace/calendar/api/auth',
  sharing: 'https://developers.google.com/workspace/calendar/api/concepts/sharing',
  enabling: 'https://support.google.com/googleapi/answer/6158841',
  calendarService: 'https://support.google.com/a/answer/6002940',
  ownership: 'https://support.google.com/webmasters/answer/9008080',
  oauth: 'https://developers.google.com/identity/protocols/oauth2',
  delegation: 'https://developers.google.com/identity/protocols/oauth2/service-account',
} as const;

const RETRIED = 'nothing to do, it is retried automatically';

export const advice = (page: keyof typeof PAGES, means: string, action: string) => ({
  means,
  action,
  page: PAGES[page],
});
export type Advice = ReturnType<typeof advice>;

export const temporary = (page: keyof typeof PAGES, means: string): Advice => advice(page, means, RETRIED);

export const quota = (means: string): Advice =>
  advice('quota', means, `${RETRIED}; if it lasts, request more quota for the project`);

/** For a request that only an error in the spec or in this program can cause. */
export const badRequest = (page: keyof typeof PAGES, means: string): Advice =>
  advice(page, means, 'check spec.eventTypes and spec.singleEvents of the watch, or report a bug');

/** @param project in which the API is not enabled, by its number or id. */
export function enableApi(project: string): Advice {
  return advice(
    'enabling',
    'the Google Calendar API is not enabled in the project of the credentials',
    `run gcloud services enable calendar-json.googleapis.com --project=${project}`,
  );
}

/** Returns one line: what it means, what to do, and a page with more. */
export const adviceText = ({ means, action, page }: Advice): string => `${means}: ${action}; see ${page}`;
