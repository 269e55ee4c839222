import { expect, test } from 'vitest';
import { createResource } from '../../../../infra/emulator/page/app/server/resource.ts';

/** Returns a resource whose loads end when they are told to. */
function held() {
  const loads: PromiseWithResolvers<string>[] = [];
  const resource = createResource(() => {
    const load = Promise.withResolvers<string>();
    loads.push(load);
    return load.promise;
  });
  return { loads, resource };
}

test('calls during a load are answered by one more load', async () => {
  const { loads, resource } = held();
  const all = [resource.reload(), resource.reload(), resource.reload()];
  loads[0]?.resolve('old');
  await expect.poll(() => loads.length).toBe(2);
  expect(resource.data.value).toBe('old');
  loads[1]?.resolve('new');
  await Promise.all(all);
  expect([resource.data.value, loads.length]).toEqual(['new', 2]);
});

test('a call at the very end of a load is answered by a load of its own', async () => {
  let version = 0;
  const resource = createResource(() => Promise.resolve((version += 1)));
  for (let ticks = 0; ticks < 12; ticks += 1) {
    void resource.reload();
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    const before = version;
    await resource.reload();
    expect(resource.data.value).toBeGreaterThan(before);
  }
});

test('a failure is told, and keeps the data of before', async () => {
  const { loads, resource } = held();
  const first = resource.reload();
  loads[0]?.resolve('data');
  await first;
  const second = resource.reload();
  loads[1]?.reject(new Error('no response'));
  await second;
  expect([resource.data.value, resource.error.value]).toEqual(['data', 'no response']);
  const third = resource.reload();
  loads[2]?.resolve('again');
  await third;
  expect(resource.error.value).toBeUndefined();
});
