import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Terraform itself with the real providers, on a copy of `infra/terraform`. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MOCKED = fileURLToPath(new URL('mocked/', import.meta.url));

interface Ran {
  readonly status: number | null;
  /** What Terraform printed, on both streams. */
  readonly text: string;
}

export interface Copy {
  /** The copy of the repository's root. */
  readonly root: string;
  /** Runs a command in a folder of the copy; `infra/terraform/example` by default. */
  readonly terraform: (args: readonly string[], folder?: string) => Ran;
  readonly remove: () => void;
}

/** Copies the module, and the example with a state on disk and with choices. */
export function copyModule(): Copy {
  const root = mkdtempSync(join(tmpdir(), 'calendar-mirror-terraform-'));
  for (const folder of ['infra/terraform', 'functions/feed/schemas', 'dist'])
    cpSync(join(ROOT, folder), join(root, folder), {
      recursive: true,
      filter: (path) => !/\.terraform|\.tfstate|\.tfvars$/.test(path),
    });
  const example = join(root, 'infra/terraform/example');
  writeFileSync(join(example, 'test_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  writeFileSync(join(example, 'terraform.tfvars'), 'project_id = "some-project"\nregion = "europe-west1"\n');
  return {
    root,
    terraform: (args, folder = 'infra/terraform/example') => {
      const { status, stdout, stderr } = spawnSync('terraform', args, {
        cwd: join(root, folder),
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
        env: {
          ...process.env,
          // A plan of a first installation asks Google nothing.
          GOOGLE_OAUTH_ACCESS_TOKEN: 'made-up',
          CHECKPOINT_DISABLE: '1',
          TF_INPUT: '0',
          TF_CLI_ARGS: '-no-color',
        },
      });
      return { status, text: `${stdout}${stderr}` };
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Adds the tests with mocked providers to a copy. They have no ephemeral resources, so that one file is replaced. */
export function addMockedTests({ root }: Copy): void {
  cpSync(MOCKED, join(root, 'infra/terraform/tests'), { recursive: true });
  cpSync(join(MOCKED, 'ephemeral-keys.tf'), join(root, 'infra/terraform/ephemeral-keys.tf'));
  rmSync(join(root, 'infra/terraform/tests/ephemeral-keys.tf'));
}

/**
 * Runs `terraform init` in a copy. Returns why the tests with the real providers cannot run here, as the end of a title: an empty text if
 * they can. Terraform and the providers are used as `PATH` and `TF_CLI_CONFIG_FILE` offer them.
 */
export function initialize({ terraform }: Copy): string {
  const { status, text } = terraform(['init']);
  if (status === 0) return '';
  if (status === null) return ' (left out: terraform is not installed)';
  const reason = /Could not [^\n]+|Failed to [^\n]+/.exec(text)?.[0] ?? 'see its output';
  return ` (left out: terraform init fails, ${reason})`;
}

/** As `initialize`, in a copy of its own. */
export function whyNot(): string {
  const copy = copyModule();
  try {
    return initialize(copy);
  } finally {
    copy.remove();
  }
}
