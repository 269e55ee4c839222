import { render } from 'preact';
import { App } from './app.tsx';
import { connect } from './state/stream.ts';

connect();
const root = document.getElementById('app');
if (root) render(<App />, root);
