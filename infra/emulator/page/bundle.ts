import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { baseStyle } from './style.ts';

const app = fileURLToPath(new URL('app', import.meta.url));

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'><rect x='1' y='1' width='16' height='16' " +
  "rx='4' fill='%23e0eeeb' stroke='%231f5f57' stroke-width='1.5'/><path d='M1 6h16V5a4 4 0 0 0-4-4H5a4 4 0 0 0-4 4z' fill='%231f5f57'/></svg>";

/** Returns the page at `/emulator/` as one HTML file: script and style inline, nothing loaded from elsewhere. */
export async function bundlePage(): Promise<string> {
  const [script, style] = await Promise.all([bundleScript(), bundleStyle()]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Calendar emulator</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<noscript><p class="sheet">This page needs JavaScript. Everything on it is also a control route: see GET /emulator/health.</p></noscript>
<div id="app"></div>
<script>${script}</script>
</body>
</html>
`;
}

async function bundleScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: app,
    entryPoints: ['main.tsx'],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
  return outputFiles.map(({ text }) => text.trim()).join('');
}

async function bundleStyle(): Promise<string> {
  // No target: an older one would replace light-dark().
  const { outputFiles } = await build({
    absWorkingDir: app,
    entryPoints: ['page.css'],
    bundle: true,
    write: false,
    minify: true,
    logLevel: 'warning',
  });
  const { code } = await transform(baseStyle, { loader: 'css', minify: true });
  return [code, ...outputFiles.map(({ text }) => text)].map((text) => text.trim()).join('');
}
