/** Unwrapped push subscriptions deliver the feed as CloudEvents over HTTP, which the SDKs of CloudEvents read. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort, portAnswers } from '../../../infra/local/ports.ts';
import { startProcess } from '../../../infra/local/process.ts';
import { NAMES } from '../../../infra/local/topics.ts';
import { cloudTest } from '../../support/cloud-test.ts';
import { eventually } from '../../support/eventually.ts';
import { eventsOf, insertEvent, PRIMARY } from '../../support/watched-events.ts';
import { buildGo, INSTALLING, installPython, missingGo, missingPython } from './languages.ts';

const test = cloudTest();

const SERVICES = [
  {
    language: 'Python',
    missing: missingPython,
    install: (path: string) => installPython('push/python', path),
  },
  { language: 'Go', missing: missingGo, install: (path: string) => buildGo('push/go', path) },
] as const;

test.concurrent.for(SERVICES)(
  'a service in $language with the SDK of CloudEvents reads an unwrapped push',
  INSTALLING,
  async ({ language, missing, install }, { cloud, skip, onTestFinished }) => {
    const reason = missing();
    skip(reason !== '', reason);
    const folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-push-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [command, ...args] = await install(join(folder, 'program'));
    const port = await freePort();
    const lines: string[] = [];
    const service = await startProcess({
      name: `the service in ${language}`,
      command,
      args,
      env: { PATH: process.env['PATH'], PORT: String(port) },
      ready: () => portAnswers(port),
      onLine: (line) => lines.push(line),
    });
    onTestFinished(() => service.stop());
    const [subscription] = await cloud.pubsub
      .topic(NAMES.changes)
      .createSubscription(`push-${language.toLowerCase()}`, {
        pushConfig: { pushEndpoint: `http://127.0.0.1:${port}`, noWrapper: { writeMetadata: true } },
      });
    // Emulators that keep running would push forever.
    onTestFinished(async () => void (await subscription.delete()));

    const user = cloud.newUser();
    const id = await insertEvent(cloud, user);
    const watch = await cloud.register(eventsOf(user));
    await eventually(() => expect(lines).toContain(`calendar.events.snapshot ${watch} ${id} 1`));
    await cloud.as(user).remove(`${PRIMARY}/${id}`);
    await eventually(() => expect(lines).toContain(`calendar.events.deleted ${watch} ${id} 2`));
  },
);
