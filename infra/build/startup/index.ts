import { load } from './load.ts';

/** The entry point of a deployed folder. */
load(__dirname);
