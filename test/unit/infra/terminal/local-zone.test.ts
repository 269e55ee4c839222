import { expect, test } from 'vitest';
import { zoneOfSystem } from '../../../../infra/terminal/local-zone.ts';

const links: Readonly<Record<string, string>> = {
  '/etc/localtime': '/usr/share/zoneinfo/Europe/Zurich',
  '/var/db/local': '/var/db/timezone/zoneinfo/posix/America/Argentina/Ushuaia',
};
const target = (path: string): string | undefined => links[path];

test.each([
  ['unset', undefined, 'Asia/Tokyo', 'Asia/Tokyo'],
  ['a name', 'Asia/Tokyo', 'Asia/Tokyo', 'Asia/Tokyo'],
  ['a link (F25)', ':/etc/localtime', undefined, 'Europe/Zurich'],
  ['a link of another system (F25)', '/var/db/local', undefined, 'America/Argentina/Ushuaia'],
  ['a path of the database (F25)', '/usr/share/zoneinfo/Europe/Oslo', undefined, 'Europe/Oslo'],
  ['a name after a colon (F25)', ':Europe/Oslo', undefined, 'Europe/Oslo'],
  ['an offset (F25)', 'GMT+02:00', undefined, '+02:00'],
  ['empty', '', 'Etc/Unknown', 'UTC'],
  ['a path that leads nowhere', ':/etc/nowhere', undefined, 'UTC'],
  ['nonsense', 'Mars/Base', undefined, 'UTC'],
])('the local time zone is determined if TZ is %s', (_, tz, resolved, expected) => {
  expect(zoneOfSystem(tz, resolved, target)).toBe(expected);
});
