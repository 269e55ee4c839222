/** A browser without a screen: opens the consent page, presses a button, and follows the form to the application. */

/** Opens an address and answers its form. Returns the parameters that the application is sent. */
export async function consent(address, { user, decision = 'allow', without = [] }) {
  const opened = await fetch(address, { redirect: 'manual' });
  const direct = opened.headers.get('location');
  if (direct !== null) return new URL(direct).searchParams;
  const page = await opened.text();
  const [, action] = /<form method="post" action="([^"]+)"/.exec(page) ?? [];
  if (action === undefined) throw new Error(page);
  const fields = new URLSearchParams({ decision, user });
  for (const [, name, value] of page.matchAll(
    /<input type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"/g,
  ))
    if (!without.includes(value)) fields.append(name, value);
  const sent = await fetch(new URL(action, address), { method: 'POST', body: fields, redirect: 'manual' });
  return new URL(sent.headers.get('location')).searchParams;
}
