import { CHROMIUM } from '../../support/browser/chromium.ts';
import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'browser',
  folder: import.meta.dirname,
  toolchain: [CHROMIUM],
  run: [[process.execPath, 'drive.mjs']],
  // The folder is copied out of the project, where nothing could be imported by name.
  environment: { CHROMIUM, PLAYWRIGHT: import.meta.resolve('playwright-core') },
  emulator: {
    apiKeys: ['the-key'],
    initial: {
      users: [
        {
          email: 'ada@example.com',
          calendars: [
            {
              id: 'holidays@group.calendar.google.com',
              summary: 'Holidays',
              acl: [{ role: 'reader', scope: { type: 'default' } }],
              events: [
                {
                  id: 'holiday',
                  summary: 'New Year',
                  start: { date: '2027-01-01' },
                  end: { date: '2027-01-02' },
                },
              ],
            },
          ],
        },
      ],
    },
  },
});
