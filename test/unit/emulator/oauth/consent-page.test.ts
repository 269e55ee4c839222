import { describe, expect, test } from 'vitest';
import { CALENDAR, fieldsOf, QUESTION, startSignIn } from '../../../support/emulator/sign-in.ts';

const users = ['ada@example.com', 'bob@example.com'];

describe('the consent page', () => {
  test('names the client, the accounts, and what each scope allows', async () => {
    const { text, status, headers } = await startSignIn({}, users).ask({
      scope: `openid email ${CALENDAR}.readonly`,
    });
    expect(status).toBe(200);
    expect(headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('<h1>app.apps.googleusercontent.com wants to access your Google Account</h1>');
    for (const words of [
      ...users,
      'See your primary Google Account email address',
      'See and download any calendar',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/<script|https?:\/\/(?!www\.googleapis\.com\/auth\/)/);
  });

  test('shows the name of a registered client', async () => {
    const clients = [{ clientId: QUESTION.client_id, name: 'Meeting Room' }];
    expect((await startSignIn({ clients }).ask()).text).toContain('Meeting Room wants to access');
  });

  test.each([
    ['a known account', 'bob@example.com', 'bob@example.com', ''],
    ['a known account in capital letters', 'BOB@Example.com', 'bob@example.com', ''],
    ['another account', 'eve@example.com', 'other', 'eve@example.com'],
    ['no account', '', 'other', ''],
  ])('chooses %s by login_hint', async (_name, hint, user, address) => {
    const page = await startSignIn({}, users).ask({ login_hint: hint });
    const form = fieldsOf(page.text, 'allow');
    expect([form.get('user'), form.get('address')]).toEqual([user, address]);
  });

  test('asks for an address where no account exists', async () => {
    const site = startSignIn({}, []);
    expect(fieldsOf((await site.ask()).text, 'allow').get('user')).toBe('other');
    const code = await site.consent({}, (form) => form.set('address', ' Eve@Example.com '));
    expect(code.get('code')).toMatch(/^4\//);
    expect([...site.accounts]).toEqual(['eve@example.com']);
  });

  test('does not offer service accounts', async () => {
    const robot = 'sync@demo-project.iam.gserviceaccount.com';
    expect((await startSignIn({}, [robot, ...users]).ask()).text).not.toContain(robot);
  });

  test('escapes whatever a request brings', async () => {
    const attack = `"><script>alert('1')</script>`;
    const site = startSignIn({}, [`${attack}@example.com`]);
    const { text } = await site.ask({ client_id: attack, login_hint: attack, state: attack });
    expect(text).not.toContain('<script>');
    expect(text).toContain('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;');
    expect((await site.ask({ scope: attack })).text).not.toContain('<script>');
  });

  test('may load nothing and be framed by no one', async () => {
    const { headers } = await startSignIn().ask();
    expect(headers['Content-Security-Policy']).toMatch(
      /default-src 'none'; style-src 'sha256-.+frame-ancestors 'none'/,
    );
    expect(headers['Cache-Control']).toBe('no-store');
  });
});
