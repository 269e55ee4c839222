import { readFileSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';

const FOLDER = new URL('../../infra/examples/history-in-bigquery/', import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

const fields = z.record(z.string(), z.unknown());

/** A row of a query. */
type Row = Record<string, SQLOutputValue>;

/** The table that a BigQuery subscription writes, and the views over it. */
export interface Warehouse {
  /** Inserts a message as the subscription does. */
  write(data: string, publishTime: string): void;
  query(sql: string): Row[];
}

/**
 * Returns SQL of BigQuery as SQLite takes it: without `OR REPLACE` and partitions, a name with a dot always in backticks, the literal of a
 * timestamp as the function, and the elements of an array as those of its JSON.
 */
const inSqlite = (sql: string): string =>
  sql
    .replace('CREATE OR REPLACE VIEW', 'CREATE VIEW')
    .replace(/\nPARTITION BY .*;/, ';')
    .replaceAll(/(?<!`)\bcalendar\.(\w+)/g, '`calendar.$1`')
    .replaceAll(/TIMESTAMP ('[^']*')/g, 'TIMESTAMP($1)')
    .replaceAll(/\bIN UNNEST\(([\w.]+)\)/g, 'IN (SELECT value FROM json_each($1))');

/**
 * Creates the example's tables in SQLite, as BigQuery has no emulator. The functions that SQLite lacks are added to it as BigQuery documents
 * them; what its language lacks is rewritten.
 */
export function startWarehouse(): Warehouse {
  const database = new DatabaseSync(':memory:');
  database.function('JSON_VALUE', { deterministic: true }, (json, path) => {
    const value = field(json, path);
    if (typeof value === 'string') return value;
    return typeof value === 'object' ? null : JSON.stringify(value);
  });
  database.function('JSON_QUERY', { deterministic: true }, (json, path) => {
    const value = field(json, path);
    return value === null ? null : JSON.stringify(value);
  });
  database.function('JSON_VALUE_ARRAY', { deterministic: true }, (json, path) => {
    const value = field(json, path);
    return Array.isArray(value) ? JSON.stringify(value) : null;
  });
  database.function('TIMESTAMP', { deterministic: true }, (text) =>
    text === null ? null : new Date(String(text)).toISOString(),
  );
  for (const name of ['table.sql', 'history.sql', 'items.sql', 'watches.sql'])
    database.exec(inSqlite(textOf(name)));

  const insert = database.prepare(
    'INSERT INTO `calendar.changes` (subscription_name, message_id, publish_time, attributes, data) VALUES (?, ?, ?, ?, ?)',
  );
  let written = 0;
  return {
    write: (data, publishTime) => {
      insert.run('calendar-history', String((written += 1)), publishTime, '{}', data);
    },
    query: (sql) => database.prepare(inSqlite(sql)).all(),
  };
}

/** Returns the field that a path such as `$.organizer.email` names, null if the JSON is null or has none. */
function field(json: unknown, path: unknown): unknown {
  if (typeof json !== 'string') return null;
  const names = String(path).replace(/^\$\./, '').split('.');
  let value: unknown = JSON.parse(json);
  for (const name of names) value = fields.safeParse(value).data?.[name] ?? null;
  return value;
}
