/** What others can do to the page: texts in calendars, and other pages. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect } from 'vitest';
import { startFedConsole } from '../../support/console/fed-console.ts';
import { linesOf, test as base, waitFor } from '../../support/console/page-test.ts';
import { sampleView } from '../../support/console/sample-view.ts';

const test = base
  .extend('fed', async ({}, { onCleanup }) => {
    const fed = await startFedConsole();
    onCleanup(() => fed.close());
    return fed;
  })
  /** The address of a page of another origin on this machine. */
  .extend('elsewhere', async ({}, { onCleanup }) => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Elsewhere</title>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onCleanup(() => {
      server.close();
    });
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  });

const HOSTILE = [
  '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>',
  '\u202Egnp.exe \u202D\u2066 right to left',
  'endless'.repeat(1_429),
  'שלום עולם – a title in two directions',
  '{{constructor.constructor("window.hacked = true")()}} \u0000\u0007 \uD83D\uDE00',
];

test('hostile titles are shown as text, and break nothing', async ({ open, fed }) => {
  const page = await open(undefined, { address: fed.address });
  for (const [index, text] of HOSTILE.entries()) {
    fed.change(index + 1, {
      itemId: text,
      kinds: [text],
      user: text,
      after: { summary: text, location: text },
    });
  }
  fed.state.watches(
    HOSTILE.map((text, index) =>
      sampleView({ id: `w${index}`, user: text, calendarId: text, detail: text, state: 'paused', fix: text }),
    ),
    [],
  );
  await waitFor(() => page.locator('.lines .line').count(), HOSTILE.length);
  const heights = await page
    .locator('.virtual-row')
    .evaluateAll((rows) => rows.map((row) => row.clientHeight));
  expect(new Set(heights).size).toBe(1);
  for (let index = 0; index < HOSTILE.length; index += 1) {
    await page.locator('.lines .line').nth(index).click();
    await page
      .getByRole('complementary', { name: 'Change' })
      .getByRole('rowheader', { name: 'summary' })
      .waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
  }
  await page.getByRole('link', { name: 'Watches' }).click();
  await page.getByRole('list', { name: 'Watches' }).getByText('w2').click();
  await page.getByRole('article', { name: 'Watch' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
  expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
  expect(await page.locator('main img, main script').count()).toBe(0);
});

test('the token is neither in the address nor in what scripts can read', async ({ open, fed }) => {
  const page = await open(undefined, { address: fed.address });
  const token = new URL(fed.address).searchParams.get('token') ?? '';
  expect(token).toMatch(/^[\w-]{32}$/);
  const readable = await page.evaluate(
    '[location.href, document.cookie, document.referrer, JSON.stringify(localStorage), document.documentElement.outerHTML].join()',
  );
  expect(readable).not.toContain(token);
  await page.goBack();
  expect(page.url()).not.toContain(token);
});

test('no script but the page’s own runs, and no other server is called', async ({ open, fed, elsewhere }) => {
  const page = await open(undefined, { address: fed.address, expected: /Content Security Policy/ });
  await page.evaluate(
    `blocked = []; addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective))`,
  );
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { text: 'hacked = 1' }))`,
  );
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<button id="x" onclick="hacked = 1">x</button>')`,
  );
  await page.locator('#x').evaluate((button: HTMLElement) => button.click());
  const call = `fetch(${JSON.stringify(elsewhere)}).then(() => 'called', () => 'blocked')`;
  expect(await page.evaluate(call)).toBe('blocked');
  await waitFor(() => page.evaluate('[...blocked]'), ['script-src-elem', 'script-src-attr', 'connect-src']);
  expect(await page.evaluate('typeof hacked')).toBe('undefined');
});

test('pages of other origins can neither read nor act, although the browser has the cookie', async ({
  open,
  fed,
  elsewhere,
}) => {
  const mine = await open(undefined, { address: fed.address });
  fed.change(1);
  await linesOf(mine, 'Number 1').waitFor();
  const page = await open.plain(elsewhere, { beside: mine, expected: /./ });
  const { origin } = new URL(fed.address);
  const attempts = {
    read: `fetch('${origin}/api/changes/team/1', { credentials: 'include' }).then((answer) => answer.text(), () => 'blocked')`,
    opaque: `fetch('${origin}/api/changes/team/1', { mode: 'no-cors', credentials: 'include' }).then((answer) => answer.text(), () => 'blocked')`,
    act: `fetch('${origin}/api/watches/team/sync', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).then((answer) => answer.status, () => 'blocked')`,
    stream: `new Promise((resolve) => {
      const source = new EventSource('${origin}/api/stream', { withCredentials: true });
      source.onmessage = () => resolve('read');
      source.onerror = () => resolve('blocked');
    })`,
    script: `new Promise((resolve) => {
      const script = document.createElement('script');
      script.onload = () => resolve('loaded');
      script.onerror = () => resolve('blocked');
      script.src = '${origin}/api/changes/team/1';
      document.body.append(script);
    })`,
  };
  for (const [name, script] of Object.entries(attempts)) {
    expect([name, await page.evaluate(script)]).toEqual([name, 'blocked']);
  }
  const framed = page.waitForEvent('console', (message) => /frame/i.test(message.text()));
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('iframe'), { src: '${origin}/' }))`,
  );
  await framed;
});

test('a host name that leads to this machine is not served', async ({ open, fed }) => {
  const { port } = new URL(fed.address);
  const page = await open.plain(`http://rebound.localhost:${port}/`, { expected: /421/ });
  expect(await page.locator('body').innerText()).toContain('the Host header names another server');
});
