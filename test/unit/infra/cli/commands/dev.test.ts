/** The options of `calendar-mirror dev`. */
import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { parsePorts } from '../../../../../infra/cli/commands/dev.ts';

test('ports are given by part', () => {
  expect(parsePorts('receive=8081,calendar=9000')).toEqual({ receive: 8081, calendar: 9000 });
});

test.each([
  ['a part that has no port', 'mirror=8080', 'mirror has no port; choose from receive, sync'],
  ['a port that is not a number', 'sync=web', 'sync=web is not a port'],
  ['a port out of range', 'sync=70000', 'sync=70000 is not a port'],
  ['a part without a port', 'sync', 'sync is not a port; write sync=8080'],
  ['one port for two parts', 'sync=8080,renew=8080', '8080 is given twice'],
])('%s is rejected with the reason', (_, list, reason) => {
  expect(() => parsePorts(list)).toThrow(InvalidArgumentError);
  expect(() => parsePorts(list)).toThrow(reason);
});
