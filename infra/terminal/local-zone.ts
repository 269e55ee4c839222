import { realpathSync } from 'node:fs';

import { readZone, UTC } from '../../functions/calendar/zone.ts';

/** Returns the target of a symbolic link, undefined if the path does not exist. */
function linked(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Returns the time zone that `TZ` or else the operating system sets; UTC if it is unknown. `resolved` is the zone that the runtime
 * derives, which does not support paths such as `:/etc/localtime`.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_03
 */
export function zoneOfSystem(
  tz: string | undefined,
  resolved: string | undefined,
  target: (path: string) => string | undefined = linked,
): string {
  const name = tz?.replace(/^:/, '') ?? '';
  const path = name.startsWith('/') ? (target(name) ?? name) : undefined;
  const names = [resolved, path?.replace(/^.*\/zoneinfo\/(?:posix\/|right\/)?/, ''), name];
  const zones = names.map((each) => (each === undefined ? undefined : readZone(each)));
  return zones.find((zone) => zone !== undefined)?.id ?? UTC.id;
}

/** Returns the time zone to print times in: that of `TZ`, or else of the operating system. */
export const localTimeZone = (): string =>
  zoneOfSystem(process.env['TZ'], Intl.DateTimeFormat().resolvedOptions().timeZone);
