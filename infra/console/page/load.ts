/** The console's page. */
import { pageLoader } from '../../emulator/page/load.ts';

/** Returns the page; it calls no other server. The command line's bundle is in `dist/cli`, beside `dist/console.html`. */
export const loadPage = pageLoader({
  built: new URL('../console.html', import.meta.url),
  bundle: async () => {
    const { bundlePage } = await import('../../build/console-page.ts');
    return bundlePage();
  },
  directives: ["default-src 'self'"],
});
