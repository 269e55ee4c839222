#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

/** The entry of `calendar-mirror`: every start after the first takes what it runs as Node has compiled it, in half the time. */

enableCompileCache();
await import('./main.ts');
