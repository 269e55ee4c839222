import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Plugin } from 'esbuild';
import * as z from 'zod';

/**
 * Leaves out of a bundle what Google's Firestore client prepares at each start and no function ever uses. Of protocol buffers, gRPC's
 * loader makes classes before the first call, and descriptions of these classes.
 */

/** The protocol buffers of the client's package: half of them describe the administration of databases. */
const PROTOS = /@google-cloud\/firestore-api\/build\/protos\/protos\.json$/;

/** Describes classes made of protocol buffers, for servers that tell what they serve ("gRPC server reflection"). */
const DESCRIPTORS = /protobufjs\/ext\/descriptor(?:\/index)?\.js$/;
const NO_DESCRIPTORS = `
  const { Enum, Root, Type } = require('protobufjs');
  const none = { file: [], $type: { toObject: () => ({}) } };
  for (const described of [Enum, Root, Type]) described.prototype.toDescriptor = () => none;
`;

/** The client of another service, which lists Google's locations; each client has one of its own. */
const LOCATIONS = /google-gax\/build\/src\/locationService\.js$/;
const NO_LOCATIONS = 'exports.LocationsClient = class { close() { return Promise.resolve(); } };';

const namespace = z.object({ nested: z.record(z.string(), z.unknown()) });

type Names = readonly string[] | RegExp;

/** A namespace of protocol buffers, as protobufjs writes it, without some of those in it. @throws Error where one is not there. */
function without(described: unknown, names: Names): z.infer<typeof namespace> {
  const { nested } = namespace.parse(described);
  const there = Object.keys(nested);
  const left = there.filter((name) => (names instanceof RegExp ? !names.test(name) : !names.includes(name)));
  const gone = there.length - left.length;
  if (gone === 0 || (!(names instanceof RegExp) && gone < names.length)) {
    throw new Error(`the Firestore client knows no longer of ${String(names)}, which was left out of it`);
  }
  return { nested: Object.fromEntries(left.map((name) => [name, nested[name]])) };
}

/** What describes protocol buffers themselves, `google.protobuf.FieldDescriptorProto` and the like. */
const ABOUT_THEMSELVES =
  /Descriptor|Options$|^FeatureSet|CodeInfo$|^Edition$|^SymbolVisibility$|^UninterpretedOption$/;

/** What the service `google.firestore.v1.Firestore` needs, out of all that the client's package describes. */
function leanProtos(described: unknown): unknown {
  const { nested } = without(namespace.parse(described).nested['google'], ['api', 'longrunning']);
  const firestore = without(nested['firestore'], ['admin']);
  const protobuf = without(nested['protobuf'], ABOUT_THEMSELVES);
  return { nested: { google: { nested: { ...nested, firestore, protobuf } } } };
}

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
