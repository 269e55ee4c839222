import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { baseStyle } from './style.ts';

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'><rect x='1' y='1' width='16' height='16' " +
  "rx='4' fill='%23e0eeeb' stroke='%231f5f57' stroke-width='1.5'/><path d='M1 6h16V5a4 4 0 0 0-4-4H5a4 4 0 0 0-4 4z' fill='%231f5f57'/></svg>";

interface HtmlOptions {
  /** The folder of `main.tsx` and `page.css`. */
  readonly app: URL;
  readonly title: string;
  /** The address of the icon; `data:,` for none. */
  readonly icon: string;
  /** What is shown to a browser without JavaScript. */
  readonly noscript: string;
}

/** Returns the page at `/emulator/`. */
export const bundlePage = (): Promise<string> =>
  bundleHtml({
    app: new URL('app', import.meta.url),
    title: 'Calendar emulator',
    icon,
    noscript:
      'This page needs JavaScript. Everything on it is also a control route: see GET /emulator/health.',
  });

/** Returns a page as one HTML file: script and style inline, nothing loaded from elsewhere. */
export async function bundleHtml({ app, title, icon: href, noscript }: HtmlOptions): Promise<string> {
  const options = {
    absWorkingDir: fileURLToPath(app),
    bundle: true,
    write: false,
    minify: true,
    logLevel: 'warning',
  } as const;
  const [script, style, base] = await Promise.all([
    build({ ...options, entryPoints: ['main.tsx'], format: 'iife', target: 'es2022' }),
    // No target: an older one would replace light-dark().
    build({ ...options, entryPoints: ['page.css'] }),
    transform(baseStyle, { loader: 'css', minify: true }),
  ]);
  const textOf = ({ outputFiles }: typeof script): string =>
    outputFiles.map(({ text }) => text.trim()).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${href}">
<style>${base.code.trim()}${textOf(style)}</style>
</head>
<body>
<noscript><p class="sheet">${noscript}</p></noscript>
<div id="app"></div>
<script>${textOf(script)}</script>
</body>
</html>
`;
}
