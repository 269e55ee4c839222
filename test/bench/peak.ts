import { readFile } from 'node:fs/promises';

/** Returns the peak resident memory of a process since it started, in MiB. @throws Error where /proc does not tell it. */
export async function peakOf(pid: number): Promise<number> {
  const path = `/proc/${String(pid)}/status`;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(path, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`${path} does not tell VmHWM`);
  return Number(kilobytes) / 1024;
}
