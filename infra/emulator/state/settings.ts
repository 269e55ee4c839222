/** The settings of every new account (https://developers.google.com/workspace/calendar/api/v3/reference/settings). */
export const defaultSettings: Readonly<Record<string, string>> = {
  autoAddHangouts: 'true',
  dateFieldOrder: 'MDY',
  defaultEventLength: '60',
  format24HourTime: 'false',
  hideInvitations: 'false',
  hideWeekends: 'false',
  locale: 'en',
  remindOnRespondedEventsOnly: 'false',
  showDeclinedEvents: 'true',
  timezone: 'UTC',
  useKeyboardShortcuts: 'true',
  weekStart: '0',
};
