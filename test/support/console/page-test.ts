/** Tests of the console's page in Chromium, as fixtures. All of them share one cloud, its console and the browser. */
import { expect, test as base } from 'vitest';
import { buildCommandLine } from '../../../infra/build/cli.ts';
import { build } from '../../../infra/build/functions.ts';
import { startConsoleOf } from '../../../infra/console/of-cloud.ts';
import { startScheduler } from '../../../infra/local/scheduler.ts';
import { CHROMIUM, isChromiumInstalled, launchChromium } from '../browser/chromium.ts';
import { createPages, LIMIT_MS, type PageOptions } from '../browser/pages.ts';
import { eventually } from '../eventually.ts';
import { startPipeline } from '../pipeline.ts';
import { watchedEvents } from '../watched-events.ts';
import type { Page } from 'playwright-core';

interface OpenOptions extends PageOptions {
  /** The address that a console has printed; that of the shared cloud's console by default. */
  readonly address?: string;
  /** A page whose cookies this one shares, as another tab does. */
  readonly beside?: Page;
}

export interface Open {
  /** Opens a console by its printed address, and then at a query such as `view=watches`. Resolves when it is connected. */
  (query?: string, options?: OpenOptions): Promise<Page>;
  /** Opens any address. */
  plain(address: string, options?: Omit<OpenOptions, 'address'>): Promise<Page>;
}

type OnCleanup = (work: () => void | Promise<void>) => void;

async function launchBrowser(onCleanup: OnCleanup) {
  if (!isChromiumInstalled()) return undefined;
  const browser = await launchChromium();
  onCleanup(() => browser.close());
  return browser;
}

/** Starts a cloud, its console, and a user whose primary calendar is mirrored. */
async function startShared(onCleanup: OnCleanup) {
  // The emulators are this process's own: those of a global setup would stop before the cloud.
  await Promise.all([build(), buildCommandLine()]);
  const cloud = await startPipeline();
  const scheduler = startScheduler({ everySeconds: 1, run: () => cloud.renew(), onError: () => undefined });
  const running = await startConsoleOf(cloud);
  onCleanup(async () => {
    await running.close();
    await scheduler.stop();
    await cloud[Symbol.asyncDispose]();
  });
  return { cloud, address: running.url, watched: await watchedEvents(cloud) };
}

/**
 * Starts something once for the process. A fixture with the scope of a worker would be made again for each file that
 * extends these tests.
 */
function once<T>(start: (onCleanup: OnCleanup) => Promise<T>): (onCleanup: OnCleanup) => Promise<T> {
  let started: Promise<T> | undefined;
  return (onCleanup) => (started ??= start(onCleanup));
}

const sharedBrowser = once(launchBrowser);
const sharedCloud = once(startShared);

export const test = base
  .extend('browser', { scope: 'worker' }, ({}, { onCleanup }) => sharedBrowser(onCleanup))
  .extend('shared', { scope: 'worker' }, ({}, { onCleanup }) => sharedCloud(onCleanup))
  .extend('cloud', { scope: 'worker' }, ({ shared }) => shared.cloud)
  .extend('address', { scope: 'worker' }, ({ shared }) => shared.address)
  /** A user whose primary calendar is mirrored. Tests that end its watch make one of their own. */
  .extend('watched', { scope: 'worker' }, ({ shared }) => shared.watched)
  .extend('pages', ({ browser, skip }, { onCleanup }) => {
    skip(browser === undefined, `left out, ${CHROMIUM} not found on this machine`);
    const pages = createPages(browser);
    onCleanup(() => pages.close());
    return pages;
  })
  .extend('open', ({ pages, address: shared }): Open => {
    const plain: Open['plain'] = async (address, { beside, ...options } = {}) => {
      const page = await pages.open(options, beside);
      await page.goto(address);
      return page;
    };
    const open = async (
      query?: string,
      { address = shared, ...options }: OpenOptions = {},
    ): Promise<Page> => {
      const page = await plain(address, options);
      if (query !== undefined) await page.goto(`${new URL(address).origin}/?${query}`);
      await page.locator('.health.good, .health.bad').waitFor();
      return page;
    };
    return Object.assign(open, { plain });
  });

/** Returns the lines of the timeline that contain a text. */
export const linesOf = (page: Page, text: string) => page.locator('.lines .line').filter({ hasText: text });

/** Waits until what `read` returns equals what is expected. */
export const waitFor = <T>(read: () => T | Promise<T>, expected: unknown): Promise<void> =>
  eventually(async () => expect(await read()).toEqual(expected), LIMIT_MS);
