import { render } from 'preact';
import { App } from './app.tsx';
import { startData } from './calendar/data.ts';
import { startChannels } from './channels/data.ts';
import { startFaults } from './faults/data.ts';
import { startClock } from './server/clock.ts';
import { connect } from './server/live.ts';

startClock();
startData();
startChannels();
startFaults();
connect();
const root = document.getElementById('app');
if (root) render(<App />, root);
