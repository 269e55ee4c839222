import { bundleHtml } from '../emulator/page/bundle.ts';

/** Returns the console's page as one HTML file. */
export const bundlePage = (): Promise<string> =>
  bundleHtml({
    app: new URL('../console/page/app', import.meta.url),
    title: 'calendar-mirror console',
    icon: 'data:,',
    noscript:
      'The console needs JavaScript. The same is on the command line: calendar-mirror status and tail.',
  });
