import { load } from './load.ts';

/** The entry of a deployed folder. */
load(__dirname);
