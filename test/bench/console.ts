/** The console's page in Chromium, with thousands of watches and hundreds of changes a second. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { isChromiumInstalled, launchChromium } from '../support/browser/chromium.ts';
import { startFedConsole } from '../support/console/fed-console.ts';
import { sampleView } from '../support/console/sample-view.ts';
import { figure, type Mark, type Result, type Size } from './figures.ts';
import type { Page } from 'playwright-core';

const PLANS = {
  full: { watches: 5_000, perSecond: 200, seconds: 15 },
  tiny: { watches: 50, perSecond: 20, seconds: 0.5 },
} as const;

/** What is looked at while the changes arrive. */
const VIEWS = [
  { name: 'changes', query: 'view=timeline' },
  { name: 'changes, filtered', query: 'view=timeline&q=number' },
  { name: 'watches', query: 'view=watches&by=lastSync&desc=1' },
] as const;

/** Tasks below this are not reported. https://developer.mozilla.org/en-US/docs/Web/API/PerformanceLongTaskTiming */
const LONG_MS = 50;

/** Remembers long tasks, and how old each line is when it is first in the document. */
const OBSERVE = `
  longTasks = [];
  ages = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });
  const seen = new Set();
  new MutationObserver(() => {
    const line = document.querySelector('.lines .line .sentence');
    const sent = /at (\\d{13})/.exec(line?.textContent ?? '')?.[1];
    if (sent !== undefined && !seen.has(sent)) { seen.add(sent); ages.push(Date.now() - Number(sent)); }
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;

const Observed = z.object({ tasks: z.array(z.number()), ages: z.array(z.number()) });

/** Opens a view, sends changes at an even rate, and returns what the page observed. */
async function observe(
  page: Page,
  fed: Awaited<ReturnType<typeof startFedConsole>>,
  query: string,
  { watches, perSecond, seconds }: (typeof PLANS)[Size],
  from: number,
): Promise<z.infer<typeof Observed>> {
  await page.goto(`${new URL(fed.address).origin}/?${query}`);
  await page.locator('.health.good, .health.bad').waitFor();
  const startedAt = Date.now();
  for (let sent = 0; sent < perSecond * seconds;) {
    const due = Math.min(perSecond * seconds, ((Date.now() - startedAt) / 1_000) * perSecond);
    for (; sent < due; sent += 1) {
      const number = from + sent;
      const id = `watch-${number % watches}`;
      const user = `user-${number % watches}@example.com`;
      fed.change(number, {
        watchId: id,
        user,
        itemId: `item-${number}`,
        after: { summary: `Number ${number} at ${Date.now()}` },
      });
      fed.state.watches([viewOf(number % watches, number)], []);
    }
    await sleep(5);
  }
  const last = query.startsWith('view=timeline') ? `Number ${from + perSecond * seconds - 1}` : undefined;
  if (last !== undefined) await page.getByText(last).first().waitFor();
  return Observed.parse(await page.evaluate('({ tasks: longTasks, ages })'));
}

const viewOf = (index: number, sequence: number) =>
  sampleView({
    id: `watch-${index}`,
    user: `user-${index}@example.com`,
    calendarId: `user-${index}@example.com`,
    sequence,
    completedAt: Date.now(),
    nextCheckAt: Date.now() + 3_600_000,
  });

export async function measureConsole(size: Size, tell: (line: string) => void): Promise<Result> {
  if (!isChromiumInstalled())
    throw new Error('this row needs Chromium; CHROMIUM names another than Debian’s');
  const plan = PLANS[size];
  const fed = await startFedConsole();
  fed.state.watches(
    Array.from({ length: plan.watches }, (_, index) => viewOf(index, 0)),
    [],
  );
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript(OBSERVE);
    await page.goto(fed.address);
    const longest: Mark[] = [];
    const ages: number[] = [];
    for (const [index, { name, query }] of VIEWS.entries()) {
      tell(`  ${name}: ${plan.watches} watches, ${plan.perSecond} changes a second`);
      const observed = await observe(page, fed, query, plan, 1 + index * plan.perSecond * plan.seconds);
      ages.push(...observed.ages);
      longest.push({
        what: `longest task of the page, ${name}, ms (${LONG_MS}: none was longer)`,
        value: Math.max(LONG_MS, ...observed.tasks),
        most: 100,
      });
    }
    const seen = figure('from the feed to the line on the page', 'ms', ages);
    return {
      figures: [seen],
      marks: [...longest, { what: 'from the feed to the line, median, ms', value: seen.median, most: 1_000 }],
    };
  } finally {
    await browser.close();
    await fed.close();
  }
}
