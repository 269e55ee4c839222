/** Prints checks in TAP. */
import { deepEqual, match, rejects } from 'node:assert/strict';

const print = (line) => void process.stdout.write(`${line}\n`);

let checks = 0;
let assertions = 0;
const counted =
  (assertion) =>
  (...parameters) => {
    assertions += 1;
    return assertion(...parameters);
  };

export const equal = counted(deepEqual);
export const matches = counted(match);
export const fails = counted(rejects);

/** Runs a check, and prints whether it held. */
export async function check(name, work) {
  checks += 1;
  try {
    await work();
    print(`ok ${checks} - ${name}`);
  } catch (error) {
    print(`not ok ${checks} - ${name}`);
    for (const line of String(error?.stack ?? error).split('\n')) print(`# ${line}`);
  }
}

export function end() {
  print(`1..${checks}\n# assertions ${assertions}`);
}
