/** The consent page, on which users sign in to applications. */
import { expect } from 'vitest';
import { violationsOf } from '../support/browser/axe.ts';
import { test, type Open } from '../support/browser/page-test.ts';
import { ADA, ALAN } from '../support/browser/week.ts';
import { CALLBACK, EVENTS, QUESTION } from '../support/emulator/sign-in.ts';
import type { Page } from 'playwright-core';
import type { CalendarEmulator } from '../../infra/emulator/types.ts';

const READONLY = 'https://www.googleapis.com/auth/calendar.readonly';
const SCOPES = `openid ${EVENTS} ${READONLY}`;

/** Opens the consent page, before an application that answers every redirect. */
async function ask(
  open: Open,
  emulator: CalendarEmulator,
  change: Readonly<Record<string, string>> = {},
  options: Parameters<Open>[1] = {},
): Promise<Page> {
  const page = await open('/clock', options);
  await page.route(`${CALLBACK}*`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">Signed in' }),
  );
  const query = new URLSearchParams({ ...QUESTION, scope: SCOPES, state: '7', ...change }).toString();
  await page.goto(`${emulator.url}/o/oauth2/v2/auth?${query}`);
  return page;
}

/** Returns the parameters that the application has got. */
async function answerOf(page: Page): Promise<URLSearchParams> {
  await page.getByText('Signed in').waitFor();
  return new URL(page.url()).searchParams;
}

test('a user chooses an account and scopes with the keyboard alone', async ({ open, emulator }) => {
  const page = await ask(open, emulator, { login_hint: ADA });
  expect(await page.getByLabel(ADA).isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  for (let presses = 0; presses < 10 && !(await page.getByLabel(ALAN).isChecked()); presses += 1)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  const answer = await answerOf(page);
  expect([answer.get('state'), answer.get('scope')]).toEqual(['7', `openid ${READONLY}`]);
  expect(emulator.oauth.grants()).toMatchObject([{ user: ALAN, scopes: ['openid', READONLY] }]);
});

test('another account is typed where it is chosen, and corrected where it is invalid', async ({
  open,
  emulator,
}) => {
  const page = await ask(open, emulator, {}, { expected: /400/ });
  const address = page.getByLabel('Address of another account');
  expect(await address.isVisible()).toBe(false);
  await page.getByLabel('Another account', { exact: true }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('alert').getByText('Give the address of an account').waitFor();
  await page.getByLabel('Another account', { exact: true }).check();
  await address.fill('Eve@Example.com');
  await address.press('Enter');
  expect((await answerOf(page)).get('code')).toMatch(/^4/);
  expect(emulator.oauth.grants()).toMatchObject([{ user: 'eve@example.com' }]);
});

test('a user denies', async ({ open, emulator }) => {
  const page = await ask(open, emulator);
  await page.getByRole('button', { name: 'Deny' }).click();
  expect((await answerOf(page)).get('error')).toBe('access_denied');
  expect(emulator.oauth.grants()).toEqual([]);
});

test('a page of another site cannot answer for the user', async ({ open, emulator }) => {
  const page = await ask(open, emulator, {}, { expected: /403/ });
  const id = await page.locator('input[name=id]').inputValue();
  const form = `<link rel="icon" href="data:,"><form method="post" action="${emulator.url}/o/oauth2/v2/auth/decision">
    <input name="id" value="${id}"><input name="user" value="${ADA}"><button name="decision" value="allow">Win</button></form>`;
  await page.route('http://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: form }),
  );
  await page.goto('http://evil.example/');
  await page.getByRole('button', { name: 'Win' }).click();
  await page.getByText('The form comes from another site.').waitFor();
  expect(emulator.oauth.grants()).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages are accessible in their ${colorScheme} colours, and fit 360 pixels`, async ({
    open,
    emulator,
  }) => {
    const narrow = { colorScheme, viewport: { width: 360, height: 740 }, bypassCSP: true, expected: /400/ };
    const page = await ask(open, emulator, { login_hint: 'eve@example.com' }, narrow);
    await page.getByLabel('Address of another account').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.goto(`${emulator.url}/o/oauth2/v2/auth?client_id=${'long'.repeat(50)}`);
    await page.getByRole('heading', { name: 'Access blocked' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
}
