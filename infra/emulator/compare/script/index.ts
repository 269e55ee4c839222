import type { Step } from '../step.ts';
import { calendarSteps } from './calendars.ts';
import { eventSteps } from './events.ts';
import { seriesSteps } from './series.ts';
import { accessSteps, syncSteps } from './sync.ts';

/** All steps, in their order: later ones refer to what earlier ones have made. */
export const STEPS: readonly Step[] = [
  ...calendarSteps,
  ...eventSteps,
  ...seriesSteps,
  ...syncSteps,
  ...accessSteps,
];
