import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Plugin } from 'esbuild';
import * as z from 'zod';

/**
 * Removes from a bundle what Google's Firestore client loads at each start and the functions never use. gRPC's loader creates a class
 * and a descriptor for every message type before the first call.
 */

/** The message types of the client's package. Half of them are for the administration of databases. */
const PROTOS = /@google-cloud\/firestore-api\/build\/protos\/protos\.json$/;

/** Creates descriptors of message types, for server reflection: https://grpc.io/docs/guides/reflection/ */
const DESCRIPTORS = /protobufjs\/ext\/descriptor(?:\/index)?\.js$/;
const NO_DESCRIPTORS = `
  const { Enum, Root, Type } = require('protobufjs');
  const none = { file: [], $type: { toObject: () => ({}) } };
  for (const described of [Enum, Root, Type]) described.prototype.toDescriptor = () => none;
`;

/** The client of the locations service, which every Google client creates. */
const LOCATIONS = /google-gax\/build\/src\/locationService\.js$/;
const NO_LOCATIONS = 'exports.LocationsClient = class { close() { return Promise.resolve(); } };';

const namespace = z.object({ nested: z.record(z.string(), z.unknown()) });

type Names = readonly string[] | RegExp;

/** Returns a protobufjs namespace without some of its members. @throws Error if it does not have them */
function without(described: unknown, names: Names): z.infer<typeof namespace> {
  const { nested } = namespace.parse(described);
  const all = Object.keys(nested);
  const kept = all.filter((name) => (names instanceof RegExp ? !names.test(name) : !names.includes(name)));
  const removed = all.length - kept.length;
  if (removed === 0 || (!(names instanceof RegExp) && removed < names.length)) {
    throw new Error(
      `cannot remove ${String(names)} from the Firestore client: not found in this version, update infra/build/lean.ts`,
    );
  }
  return { nested: Object.fromEntries(kept.map((name) => [name, nested[name]])) };
}

/** Message types that describe message types, such as `google.protobuf.FieldDescriptorProto`. */
const DESCRIPTOR_TYPES =
  /Descriptor|Options$|^FeatureSet|CodeInfo$|^Edition$|^SymbolVisibility$|^UninterpretedOption$/;

/** Returns only the message types that the service `google.firestore.v1.Firestore` needs. */
function leanProtos(described: unknown): unknown {
  const { nested } = without(namespace.parse(described).nested['google'], ['api', 'longrunning']);
  const firestore = without(nested['firestore'], ['admin']);
  const protobuf = without(nested['protobuf'], DESCRIPTOR_TYPES);
  return { nested: { google: { nested: { ...nested, firestore, protobuf } } } };
}

/** Esbuild plugin that makes the Firestore client smaller. */
export const lean: Plugin = {
  name: 'lean',
  setup: (bundle) => {
    bundle.onLoad({ filter: PROTOS }, async ({ path }) => ({
      contents: JSON.stringify(leanProtos(JSON.parse(await readFile(path, 'utf8')))),
      loader: 'json',
    }));
    bundle.onLoad({ filter: DESCRIPTORS }, ({ path }) => ({
      contents: NO_DESCRIPTORS,
      resolveDir: dirname(path),
    }));
    bundle.onLoad({ filter: LOCATIONS }, () => ({ contents: NO_LOCATIONS }));
  },
};
