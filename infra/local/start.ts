import { parseStartOptions, USAGE, UsageError } from './options.ts';
import { print, tell } from '../../functions/cli/terminal.ts';
import { runCloud } from './run.ts';

// `npm start`: the whole cloud on this machine, until Ctrl-C.
try {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) print(USAGE);
  else await runCloud(options);
} catch (error) {
  if (error instanceof UsageError) {
    tell(`${error.message}\nSee npm start -- --help`);
    process.exitCode = 2;
  } else {
    tell(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
