#!/usr/bin/env node
/** The command `google-calendar-emulator`: the emulator as a process of its own. */
import module from 'node:module';
import { keepHeapSmall } from './heap.ts';

// From the second start on, Node does not compile what is imported from here on again. Node 22.0 does not have it.
if ('enableCompileCache' in module) module.enableCompileCache();
keepHeapSmall();
const { runCommand } = await import('./command/command.ts');
await runCommand(process.argv.slice(2));
