/**
 * Serves the Calendar API of @emulators/google with the events of a file: `node emulators-google.js <port> <seed file>`. It runs in
 * a folder of its own, where its packages are installed.
 */
import { readFileSync } from 'node:fs';
import { createServer } from '@emulators/core';
import { googlePlugin, seedFromConfig } from '@emulators/google';
import { serve } from '@hono/node-server';

const [port, file] = process.argv.slice(2);
const seed = JSON.parse(readFileSync(file, 'utf8'));
// It limits each token to 5,000 calls an hour. Every token is one of the calendar's owner.
const fallbackUser = { login: seed.users[0].email, id: 1, scopes: [] };
const baseUrl = `http://127.0.0.1:${port}`;
const { app, store } = createServer(googlePlugin, { port: Number(port), baseUrl, fallbackUser });
seedFromConfig(store, baseUrl, seed);
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' });
