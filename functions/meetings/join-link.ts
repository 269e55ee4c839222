import * as z from 'zod';

import { linksIn, safeUrl } from './links.ts';
import { isOfProvider, providerOf, type Provider } from './providers.ts';

export type { Provider } from './providers.ts';

/** A link that joins a video meeting. */
export interface JoinLink {
  readonly url: string;
  /** `other` if only the event's conference data says that it is one. */
  readonly provider: Provider | 'other';
}

const text = z.string().optional().catch(undefined);
const entryPoint = z.object({ entryPointType: z.literal('video'), uri: z.string() });
const fieldsSchema = z.object({
  conferenceData: z
    .object({ entryPoints: z.array(z.unknown()) })
    .optional()
    .catch(undefined),
  hangoutLink: text,
  location: text,
  description: text,
});

/**
 * Finds the link that joins an event's video meeting: in its conference data, else in its location, else in its description, plain
 * or HTML. In text it recognizes the links of known providers only, by the host that a browser would open: `https`, without a user
 * name and without a port. Takes linear time, whatever the text.
 *
 * @param event as Google returns it
 * @returns the link and its provider, null if there is none
 *
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#conferenceData
 *
 * @example
 * joinLink({ location: 'Room 5, or zoom.us/j/98765432100' });
 * // { url: 'https://zoom.us/j/98765432100', provider: 'zoom' }
 */
export function joinLink(event: object): JoinLink | null {
  const { conferenceData, hangoutLink, location, description } = fieldsSchema.parse(event);
  const videos = conferenceData?.entryPoints.flatMap((each) => entryPoint.safeParse(each).data?.uri ?? []);
  for (const uri of [...(videos ?? []), hangoutLink]) {
    const url = uri === undefined ? undefined : safeUrl(uri);
    if (url !== undefined) return { url: url.href, provider: providerOf(url) ?? 'other' };
  }
  for (const written of [location, description]) {
    for (const url of linksIn(written ?? '', isOfProvider)) {
      const provider = providerOf(url);
      if (provider !== undefined) return { url: url.href, provider };
    }
  }
  return null;
}
