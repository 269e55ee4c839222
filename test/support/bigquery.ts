import { readFileSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';

const FOLDER = new URL('../../infra/examples/history-in-bigquery/', import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

/** A row of a query. */
type Row = Record<string, SQLOutputValue>;

/** The table that a BigQuery subscription writes, and the views over it. */
export interface Warehouse {
  /** Inserts a message as the subscription does. */
  write(data: string, publishTime: string): void;
  query(sql: string): Row[];
}

/**
 * Creates the example's tables in SQLite, as BigQuery has no emulator. The text of the views runs as it is, except for what SQLite lacks:
 * `OR REPLACE`, the partitions of the table, and three functions, which are added to it as BigQuery documents them.
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
  database.function('TIMESTAMP', { deterministic: true }, (text) =>
    text === null ? null : new Date(String(text)).toISOString(),
  );
  database.exec(textOf('table.sql').replace(/\nPARTITION BY .*;/, ';'));
  for (const view of ['history.sql', 'items.sql', 'watches.sql'])
    database.exec(textOf(view).replace('CREATE OR REPLACE VIEW', 'CREATE VIEW'));

  const insert = database.prepare(
    'INSERT INTO `calendar.changes` (subscription_name, message_id, publish_time, attributes, data) VALUES (?, ?, ?, ?, ?)',
  );
  let written = 0;
  return {
    write: (data, publishTime) => {
      insert.run('calendar-history', String((written += 1)), publishTime, '{}', data);
    },
    query: (sql) => database.prepare(sql).all(),
  };
}

/** Returns the field of parsed JSON that a path such as `$.sequence` names. */
function field(json: unknown, path: unknown): unknown {
  const [, name = ''] = /^\$\.(\w+)$/.exec(String(path)) ?? [];
  return z.record(z.string(), z.unknown()).parse(JSON.parse(String(json)))[name] ?? null;
}
