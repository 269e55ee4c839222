/** Google's two clients for Node, the whole `googleapis` and `@googleapis/calendar` alone, by the same script. */
import * as alone from '@googleapis/calendar';
import { google } from 'googleapis';
import { authorization } from './authorization.js';
import { calls } from './calls.js';
import { control } from './emulator.js';
import { methods } from './methods.js';
import { sync } from './sync.js';
import { check, end } from './tap.js';

const LIBRARIES = {
  googleapis: { calendar: google.calendar, OAuth2: google.auth.OAuth2 },
  '@googleapis/calendar': { calendar: alone.calendar, OAuth2: alone.auth.OAuth2 },
};

for (const [name, library] of Object.entries(LIBRARIES)) {
  for (const suite of [methods, sync, calls, authorization]) {
    await control('POST', 'reset');
    await suite(library, (title, work) => check(`${name}: ${title}`, work));
  }
}
end();
