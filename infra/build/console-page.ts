import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { baseStyle } from '../emulator/page/style.ts';

/** Bundles the console's page into one HTML file: script and style inline, nothing loaded from elsewhere. */

const app = fileURLToPath(new URL('../console/page/app', import.meta.url));

const OPTIONS = {
  absWorkingDir: app,
  bundle: true,
  write: false,
  minify: true,
  logLevel: 'warning',
} as const;

/** Returns the page. */
export async function bundlePage(): Promise<string> {
  const [script, style, base] = await Promise.all([
    build({ ...OPTIONS, entryPoints: ['main.tsx'], format: 'iife', target: 'es2022' }),
    // No target: an older one would replace light-dark().
    build({ ...OPTIONS, entryPoints: ['page.css'] }),
    transform(baseStyle, { loader: 'css', minify: true }),
  ]);
  const text = ({ outputFiles }: typeof script): string =>
    outputFiles.map((file) => file.text.trim()).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>calendar-mirror console</title>
<link rel="icon" href="data:,">
<style>${base.code.trim()}${text(style)}</style>
</head>
<body>
<noscript><p class="sheet">The console needs JavaScript. The same is on the command line: calendar-mirror status and tail.</p></noscript>
<div id="app"></div>
<script>${text(script)}</script>
</body>
</html>
`;
}
