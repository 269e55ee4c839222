import { render } from 'preact';
import { App } from './app.tsx';
import { listenToKeys } from './parts/keys.ts';
import { connect } from './state/stream.ts';

connect();
listenToKeys();
const root = document.getElementById('app');
if (root) render(<App />, root);
