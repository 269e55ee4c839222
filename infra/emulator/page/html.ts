/** The page at `/emulator/`. */
import { pageLoader } from './load.ts';

/** Returns the page; it calls no other server. */
export const loadPage = pageLoader({
  built: new URL('page.html', import.meta.url),
  bundle: async () => {
    // Not a literal, so that those who bundle the package need not resolve a file that only a clone has.
    const sources = new URL('bundle.ts', import.meta.url).href;
    const { bundlePage }: { bundlePage: () => Promise<string> } = await import(sources);
    return bundlePage();
  },
  directives: ["default-src 'none'", "connect-src 'self'"],
});
