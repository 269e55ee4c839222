/** A notification channel as the control routes show it. */
export interface Channel {
  readonly id: string;
  readonly user: string;
  readonly collection:
    | { readonly resource: 'events' | 'acl'; readonly calendarId: string }
    | { readonly resource: 'calendarList' | 'settings'; readonly user: string };
  readonly address: string;
  readonly expiresAt: number;
  readonly state: 'live' | 'expired' | 'killed';
}
