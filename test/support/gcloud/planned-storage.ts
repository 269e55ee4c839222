import * as z from 'zod';
import { seconds } from './command.ts';
import { converter, common, count, maybe, none, one, short, text, type Convert } from './shapes.ts';

/** Firestore, Pub/Sub, Secret Manager and Cloud KMS. */

const order = { order: text };

export const STORAGE: Readonly<Record<string, Convert>> = {
  google_firestore_database: converter(
    {
      project: text,
      name: text,
      location_id: text,
      type: text,
      point_in_time_recovery_enablement: text,
      delete_protection_state: text,
      deletion_policy: text,
      cmek_config: none,
    },
    (values) => ({
      [`database ${values.name}`]: {
        location: values.location_id,
        type: values.type,
        isProtected: values.delete_protection_state === 'DELETE_PROTECTION_ENABLED',
        pointInTimeRecovery: values.point_in_time_recovery_enablement === 'POINT_IN_TIME_RECOVERY_ENABLED',
      },
    }),
  ),
  google_firestore_backup_schedule: converter(
    { project: text, database: text, retention: text, daily_recurrence: one({}) },
    ({ database, retention }) => ({
      [`backups of ${database}`]: { recurrence: 'daily', retention: seconds(retention) },
    }),
  ),
  google_firestore_field: converter(
    {
      project: text,
      database: text,
      collection: text,
      field: text,
      index_config: one({ indexes: z.array(z.strictObject({ ...order, query_scope: text })).default([]) }),
    },
    ({ database, collection, field, index_config: { indexes } }) => ({
      [`field ${database} ${collection}.${field}`]: indexes.map(
        (each) => `${each.query_scope} ${each.order}`,
      ),
    }),
  ),
  google_firestore_index: converter(
    {
      project: text,
      database: text,
      collection: text,
      query_scope: text,
      fields: z.array(z.strictObject({ ...order, field_path: text })),
    },
    ({ database, collection, query_scope: scope, fields }) => ({
      [`index ${database} ${collection} ${fields.map((each) => each.field_path).join()}`]: {
        scope,
        orders: fields.map((each) => each.order),
      },
    }),
  ),
  google_pubsub_topic: converter(
    {
      ...common,
      name: text,
      message_retention_duration: text,
      message_storage_policy: one({
        allowed_persistence_regions: z.array(text),
        // Only with the variable of that name.
        enforce_in_transit: z.literal(false),
      }),
      schema_settings: maybe({ schema: text, encoding: text }),
    },
    ({
      name,
      message_retention_duration: retention,
      message_storage_policy: storage,
      schema_settings: schema,
    }) => ({
      [`topic ${name}`]: {
        retention: seconds(retention),
        regions: storage.allowed_persistence_regions,
        ...(schema && { schema: short(schema.schema), encoding: schema.encoding }),
      },
    }),
  ),
  google_pubsub_schema: converter(
    { project: text, name: text, type: text, definition: text },
    ({ name, type, definition }) => ({ [`schema ${name}`]: { type, definition } }),
  ),
  google_pubsub_subscription: converter(
    {
      ...common,
      name: text,
      topic: text,
      enable_message_ordering: z.boolean().default(false),
      ack_deadline_seconds: count,
      message_retention_duration: text,
      push_config: maybe({
        push_endpoint: text,
        oidc_token: one({ service_account_email: text, audience: text }),
      }),
      retry_policy: maybe({ minimum_backoff: text, maximum_backoff: text }),
      dead_letter_policy: maybe({ dead_letter_topic: text, max_delivery_attempts: count }),
      expiration_policy: one({ ttl: z.literal('') }),
    },
    ({ name, push_config: push, retry_policy: retry, dead_letter_policy: dead, ...values }) => ({
      [`subscription ${name}`]: {
        topic: short(values.topic),
        isOrdered: values.enable_message_ordering,
        ackDeadline: values.ack_deadline_seconds,
        retention: seconds(values.message_retention_duration),
        expires: 'never',
        ...(push && {
          endpoint: push.push_endpoint,
          account: push.oidc_token.service_account_email,
          audience: push.oidc_token.audience,
        }),
        ...(retry && { retry: [seconds(retry.minimum_backoff), seconds(retry.maximum_backoff)] }),
        ...(dead && {
          deadLetters: short(dead.dead_letter_topic),
          attempts: dead.max_delivery_attempts,
        }),
      },
    }),
  ),
  google_secret_manager_secret: converter(
    {
      ...common,
      secret_id: text,
      deletion_protection: z.boolean(),
      replication: one({ auto: one({}), user_managed: none }),
    },
    ({ secret_id: id }) => ({ [`secret ${id}`]: { replication: 'automatic' } }),
  ),
  google_secret_manager_secret_version: converter(
    { secret: text, secret_data_wo: text, secret_data_wo_version: count },
    ({ secret, secret_data_wo_version: version }) => ({
      [`version ${short(secret)}:${String(version)}`]: {},
    }),
  ),
  google_kms_key_ring: converter({ project: text, name: text, location: text }, ({ name, location }) => ({
    [`key ring ${name}`]: { location },
  })),
  google_kms_crypto_key: converter(
    { ...common, name: text, key_ring: text, purpose: z.literal('ENCRYPT_DECRYPT'), rotation_period: text },
    ({ name, key_ring: ring, rotation_period: period }) => ({
      [`key ${name}`]: {
        ring: short(ring),
        location: ring.split('/').at(-3),
        purpose: 'encryption',
        rotation: seconds(period),
      },
    }),
  ),
};
