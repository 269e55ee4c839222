import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const resultsSchema = z.array(
  z.object({ command_string: z.string(), success: z.boolean(), error_message: z.string().nullable() }),
);

/**
 * Has gcloud itself parse commands, without a network and without running them. Returns what it says about each that it rejects.
 * All commands are given to one process, which takes a second to start.
 */
export async function rejectedByGcloud(commands: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'gcloud-lint-'));
  try {
    const file = join(folder, 'commands.json');
    await writeFile(
      file,
      JSON.stringify([...new Set(commands)].map((command) => ({ command_string: command }))),
    );
    const { stdout } = await promisify(execFile)(
      'gcloud',
      ['meta', 'lint-gcloud-commands', `--commands-file=${file}`, '--quiet'],
      {
        env: {
          ...process.env,
          CLOUDSDK_CONFIG: folder,
          CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
          CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
        },
        maxBuffer: 256 * 1024 * 1024,
      },
    );
    const results = resultsSchema.parse(JSON.parse(stdout));
    if (results.length !== new Set(commands).size)
      throw new Error(`gcloud has read ${String(results.length)} of ${String(commands.length)} commands`);
    return new Map(
      results
        .filter(({ success }) => !success)
        .map(({ command_string: command, error_message: message }) => [
          command,
          (message ?? '').split('\n')[0] ?? '',
        ]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
