/** The page as it is served: one file, and a policy that lets it do nothing else. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { servePage } from '../../../../infra/emulator/control/page.ts';

const get = (path: string, method = 'GET') =>
  servePage({ method, url: new URL(`http://127.0.0.1${path}`), headers: {}, body: '' });

async function page(): Promise<{ html: string; policy: string }> {
  const reply = await get('/emulator/');
  return {
    html: typeof reply?.body === 'string' ? reply.body : '',
    policy: reply?.headers?.['Content-Security-Policy'] ?? '',
  };
}

test('the page has one script and one style, whose hashes are the only ones allowed', async () => {
  const { html, policy } = await page();
  for (const element of ['script', 'style']) {
    const found = [...html.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))];
    expect(found).toHaveLength(1);
    const hash = createHash('sha256')
      .update(found[0]?.[1] ?? '')
      .digest('base64');
    expect(policy).toContain(`${element}-src 'sha256-${hash}'`);
  }
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('nothing is loaded from elsewhere', async () => {
  const { html } = await page();
  const addresses = [...html.matchAll(/\bhttps?:\/\/[^\s"'`)]+/g)].map(([address]) => new URL(address).host);
  // Namespaces of SVG and MathML, which are names and not addresses.
  expect(addresses.filter((host) => host !== 'www.w3.org')).toEqual([]);
  expect(html).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!data:)/);
  expect(html).not.toContain('@import');
});

test('the page is less than 60 kB, compressed', async () => {
  expect(gzipSync((await page()).html).length).toBeLessThan(60_000);
});

test('the address without its slash leads to the page, and other paths are left to others', async () => {
  expect(await get('/emulator')).toMatchObject({ status: 308, headers: { Location: '/emulator/' } });
  expect(await get('/emulator/health')).toBeUndefined();
  expect(await get('/emulator/', 'POST')).toBeUndefined();
});
