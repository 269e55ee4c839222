import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StateFileError } from './error.ts';

/**
 * The state of an emulator in a file of two lines: a header with the format's version and the checksum of the second line, which
 * is the state as JSON.
 */

const FORMAT = 'google-calendar-emulator state';
const VERSION = 1;

/** What was found in a state file: nothing yet, a state, or damage. A damaged file has been renamed. */
export type FoundState =
  | { readonly kind: 'none' }
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'damaged'; readonly why: string; readonly keptAs: string };

/**
 * Reads a state file. A damaged one gets a new name, under which it is kept.
 * @throws StateFileError if it cannot be opened, or is of a later version
 */
export function readStateFile(file: string): FoundState {
  const bytes = bytesOf(file);
  if (bytes === undefined) return { kind: 'none' };
  const parsed = parse(bytes);
  if ('state' in parsed) return { kind: 'state', state: parsed.state };
  if ('version' in parsed)
    throw new StateFileError(
      `${file} has version ${parsed.version} of the state format, and this emulator reads version ${VERSION}: ` +
        'update google-calendar-emulator, or choose another file',
    );
  const keptAs = freeName(`${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  renameSync(file, keptAs);
  return { kind: 'damaged', why: parsed.damage, keptAs };
}

type Parsed = { readonly state: unknown } | { readonly version: number } | { readonly damage: string };

function parse(bytes: Buffer): Parsed {
  const end = bytes.indexOf('\n');
  const header = headerOf(bytes.subarray(0, Math.max(0, end)).toString('utf8'));
  if (header === undefined) return { damage: 'it does not begin as a state file does' };
  if (header.version > VERSION) return { version: header.version };
  const body = bytes.subarray(end + 1);
  if (body.length !== header.bytes)
    return { damage: `it has ${body.length} bytes of state instead of ${header.bytes}` };
  if (checksum(body) !== header.sha256) return { damage: 'its checksum differs' };
  return { state: JSON.parse(body.toString('utf8')) };
}

interface Header {
  readonly version: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The header is matched whole, as no part of it is covered by the checksum. */
function headerOf(line: string): Header | undefined {
  const [, version, bytes, sha256] =
    /^{"format":"google-calendar-emulator state","version":(\d{1,9}),"bytes":(\d{1,15}),"sha256":"(\S+)"}$/.exec(
      line,
    ) ?? [];
  if (sha256 === undefined) return undefined;
  return { version: Number(version), bytes: Number(bytes), sha256 };
}

function bytesOf(file: string): Buffer | undefined {
  try {
    // Others, such as pipes and devices, may never end.
    if (statSync(file).isFile()) return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return undefined;
    throw new StateFileError(`${file} cannot be read (${code}): choose another file, or make it readable`, {
      cause: error,
    });
  }
  throw new StateFileError(`${file} is not a file: choose another`);
}

function freeName(wanted: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}

const checksum = (data: Buffer): string => createHash('sha256').update(data).digest('base64url');

/**
 * Writes a state file: into a temporary file, to the disk, then under its name. A crash at any point leaves the earlier state or
 * the new one.
 */
export async function writeStateFile(file: string, state: unknown): Promise<void> {
  const body = Buffer.from(`${JSON.stringify(state)}\n`);
  const header = { format: FORMAT, version: VERSION, bytes: body.length, sha256: checksum(body) };
  // Renaming over a symbolic link would replace the link.
  const target = existsSync(file) ? realpathSync(file) : file;
  const temporary = `${target}.tmp`;
  // It has access tokens in it.
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writev([Buffer.from(`${JSON.stringify(header)}\n`), body]);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, target);
  syncFolder(dirname(target));
}

/** Makes a rename survive a power failure, where the system can. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // Windows cannot open folders.
  }
}
