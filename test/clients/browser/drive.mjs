// Serves the page from an origin of its own, opens it in Chromium, and prints its report.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const { chromium } = await import(process.env.PLAYWRIGHT);
const { CHROMIUM, CALENDAR_EMULATOR_URL: api = '' } = process.env;
const files = { '/': ['index.html', 'text/html'], '/page.js': ['page.js', 'text/javascript'] };

const server = createServer((request, response) => {
  const [file, type] = files[request.url.split('?', 1)[0]] ?? [];
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  readFile(join(import.meta.dirname, file)).then(
    (text) => response.writeHead(200, { 'content-type': type }).end(text),
    (error) => response.writeHead(500).end(String(error)),
  );
});
await new Promise((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});

const root = process.getuid?.() === 0;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: root ? ['--no-sandbox'] : [] });
const page = await browser.newPage();
page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
// `localhost` is another site than 127.0.0.1, so that not even cookies are shared.
await page.goto(`http://localhost:${server.address().port}/?api=${encodeURIComponent(api)}`);
const report = await page.waitForFunction('window.report', undefined, { timeout: 60_000 });
process.stdout.write(`${await report.jsonValue()}\n`);
await browser.close();
server.close();
