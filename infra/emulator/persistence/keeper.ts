import * as z from 'zod';
import { takeLock } from './lock.ts';
import { createMarks, SavedMarks } from './marks.ts';
import { readStateFile, writeStateFile } from './state-file.ts';
import { StateFileError } from './error.ts';
import { messageOf } from '../protocol/message.ts';
import type { TokenMarks } from '../state/tokens.ts';

/** A part of the emulator that outlives a restart, as JSON. */
interface Kept {
  save(): unknown;
  restore(saved: never): void;
}

/** The parts are not checked: the checksum of the file says that an emulator wrote them. */
const SavedState = z.object({ marks: SavedMarks, parts: z.record(z.string(), z.custom<never>()) });

/** Keeps the state of an emulator in a file. */
export interface StateKeeper {
  readonly marks: TokenMarks;
  /** Whether the file has a state, which `keep` restores. */
  readonly isFound: boolean;
  /**
   * Restores each part that was saved, then writes all parts to the file: now, after changes, and at the end.
   * @throws StateFileError if the file cannot be written
   */
  keep(parts: Readonly<Record<string, Kept>>): Promise<void>;
  /** Has the state written soon. */
  changed(): void;
  /** Writes the state a last time, and lets other processes use the file. */
  close(): Promise<void>;
}

/** Time from a change to its save. */
const DELAY_MS = 50;
/** Saves keep the process busy for at most one part of the time in this many, however large the state is. */
const REST = 20;

/**
 * Opens a state file, new or not, for this process alone.
 * @param warn is called with one line about a file that was damaged, or cannot be written for now
 * @throws StateFileError if it is in use, cannot be read, or is of a later version
 */
export function openStateFile(file: string, warn: (line: string) => void): StateKeeper {
  const lock = lockOf(file);
  const found = readOrRelease();
  if (found.kind === 'damaged')
    warn(`${file} is damaged (${found.why}): kept as ${found.keptAs}, starting without it`);
  const saved = found.kind === 'state' ? SavedState.parse(found.state) : undefined;
  const marks = createMarks(saved?.marks);
  let parts: Readonly<Record<string, Kept>> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let nextAt = 0;
  let problem: string | undefined;

  function readOrRelease() {
    try {
      return readStateFile(file);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async function save(): Promise<void> {
    const started = performance.now();
    const state = {
      marks: marks.saving(),
      parts: Object.fromEntries(Object.entries(parts ?? {}).map(([name, part]) => [name, part.save()])),
    };
    const written = writeStateFile(file, state);
    // What the disk takes from here on keeps nothing waiting.
    const busy = performance.now() - started;
    await written;
    nextAt = performance.now() + REST * busy;
    problem = undefined;
  }

  /** Saves, after the save that is under way. What fails is tried again with the next change. */
  function saveInTurn(): Promise<void> {
    writing = writing.then(save).catch((error: unknown) => {
      marks.changed();
      const now = messageOf(error);
      if (now !== problem) warn(`${file} cannot be written: ${now}`);
      problem = now;
    });
    return writing;
  }

  return {
    marks,
    isFound: saved !== undefined,
    async keep(given) {
      for (const [name, part] of Object.entries(given)) {
        const own = saved?.parts[name];
        if (own !== undefined) part.restore(own);
      }
      parts = given;
      try {
        await save();
      } catch (cause) {
        lock.release();
        throw new StateFileError(
          `${file} cannot be written (${messageOf(cause)}): ` +
            'choose a file in a folder that is writable (with Docker, mount the folder and not the file)',
          { cause },
        );
      }
    },
    changed() {
      marks.changed();
      if (parts === undefined || timer !== undefined) return;
      const delay = Math.max(DELAY_MS, nextAt - performance.now());
      timer = setTimeout(() => {
        timer = undefined;
        void saveInTurn();
      }, delay);
    },
    async close() {
      clearTimeout(timer);
      timer = undefined;
      if (parts !== undefined) await saveInTurn();
      lock.release();
    },
  };
}

function lockOf(file: string) {
  try {
    return takeLock(file);
  } catch (cause) {
    if (cause instanceof StateFileError) throw cause;
    throw new StateFileError(
      `${file} cannot be used (${messageOf(cause)}): choose a file in a folder that is writable`,
      { cause },
    );
  }
}
