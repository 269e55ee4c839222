/** The page of an item: its history, and its document now. */
import { expect } from 'vitest';
import { violationsOf } from '../../support/browser/axe.ts';
import { linesOf, test, waitFor } from '../../support/console/page-test.ts';
import { AT, PRIMARY } from '../../support/watched-events.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an item's history and document follow its changes, accessible in ${colorScheme} colours`, async ({
    open,
    cloud,
    watched: { user, spec },
  }) => {
    const title = `History in ${colorScheme}`;
    const api = cloud.as(user);
    const page = await open(undefined, { colorScheme });
    const { id } = await api.insert(PRIMARY, { summary: title, ...AT });
    await linesOf(page, title).click();
    await page.getByRole('complementary').getByRole('link', { name: 'Item history' }).click();
    const item = page.getByRole('article', { name: 'Item' });
    await item.getByRole('heading', { level: 1, name: title }).waitFor();
    const history = item.getByRole('region', { name: 'History' }).getByRole('listitem');
    await waitFor(() => history.count(), 1);

    await api.patch(`${PRIMARY}/${id}`, { location: 'Library' });
    await waitFor(() => history.count(), 2);
    await history.first().getByText('Before and after').click();
    await history.first().getByRole('rowheader', { name: 'location' }).waitFor();
    const document = item.getByRole('region', { name: 'Document' });
    await document.getByText(`users/${user}/calendars/${user}/events/${id}`).waitFor();
    const { sequence } = await cloud.document(spec, id);
    await document.getByText(String(sequence), { exact: true }).waitFor();
    await document.getByRole('region', { name: 'data' }).getByText('"location": "Library"').waitFor();
    expect(await violationsOf(page)).toEqual([]);

    await api.remove(`${PRIMARY}/${id}`);
    await waitFor(() => history.count(), 3);
    await document.getByText('There is none: the item was deleted').waitFor();
    // Its title is known from its last change.
    await item.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await history
      .first()
      .getByRole('link', { name: /^sequence / })
      .click();
    await page.getByRole('complementary', { name: 'Change' }).waitFor();
  });
}
