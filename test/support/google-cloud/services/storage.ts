import { createHash } from 'node:crypto';
import * as z from 'zod';

import type { Cloud } from '../cloud.ts';
import { alreadyExists, CloudError, invalid } from '../errors.ts';
import { parse, patched, resourceSchema, textIn, type Resource } from '../resource.ts';
import { Raw, type Call, type Route } from '../routes.ts';

/**
 * Cloud Storage. Objects have one generation: versions are not kept.
 * [buckets] https://cloud.google.com/storage/docs/json_api/v1/buckets
 * [objects] https://cloud.google.com/storage/docs/json_api/v1/objects
 */

const BUCKET = 'storage/v1/b/{bucket}';
const OBJECT = `${BUCKET}/o/{object+}`;

const bucketKey = ({ ids }: Call): string => `storage/b/${ids['bucket'] ?? ''}`;
const objectKey = ({ ids }: Call, name = decodeURIComponent(ids['object'] ?? '')): string =>
  `storage/b/${ids['bucket'] ?? ''}/o/${encodeURIComponent(name)}`;
/** Object ids are decoded but for their slashes. */
const contentKey = (key: string): string => `content of ${key}`;

const bucketSchema = z.looseObject({ name: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/) });

function insertBucket(call: Call): Resource {
  const { cloud, body, url } = call;
  const { name } = parse(bucketSchema, body);
  const key = `storage/b/${name}`;
  if (cloud.store.find(key) !== undefined) throw alreadyExists(name);
  const { storageClass = 'STANDARD' } = body;
  const bucket: Resource = {
    ...body,
    kind: 'storage#bucket',
    id: name,
    selfLink: `${url}/storage/storage/v1/b/${name}`,
    projectNumber: cloud.project.number,
    // "The location of the bucket": in upper case [buckets]
    location: (textIn(body, 'location') || 'US').toUpperCase(),
    locationType: 'region',
    storageClass,
    timeCreated: cloud.timestamp(),
    updated: cloud.timestamp(),
    metageneration: '1',
    // "the default duration is 604,800 (7 days)" [buckets, softDeletePolicy]
    softDeletePolicy: body['softDeletePolicy'] ?? {
      retentionDurationSeconds: '604800',
      effectiveTime: cloud.timestamp(),
    },
    etag: 'CAE=',
  };
  cloud.store.insert(key, bucket);
  return bucket;
}

function updateBucket(call: Call): Resource {
  const { store, timestamp } = call.cloud;
  const before = store.get(bucketKey(call));
  const metageneration = String(Number(textIn(before, 'metageneration')) + 1);
  store.replace(bucketKey(call), {
    ...patched(before, call.body, null),
    metageneration,
    updated: timestamp(),
  });
  return store.get(bucketKey(call));
}

const objectsOf = ({ store }: Cloud, key: string): readonly Resource[] => store.list(`${key}/o`);

/** "The bucket must be empty" [buckets.delete]: 409. */
function deleteBucket(call: Call): undefined {
  const { cloud } = call;
  cloud.store.get(bucketKey(call));
  if (objectsOf(cloud, bucketKey(call)).length > 0) {
    throw new CloudError('ABORTED', 'The bucket you tried to delete is not empty.');
  }
  cloud.store.remove(bucketKey(call));
  cloud.policies.remove(bucketKey(call));
}

interface Upload {
  readonly metadata: Resource;
  readonly content: Buffer;
}

/** Metadata and content. https://cloud.google.com/storage/docs/uploading-objects#rest-upload-objects, multipart upload */
function readUpload({ bytes, contentType, query }: Call): Upload {
  if (query.get('uploadType') !== 'multipart') return { metadata: { contentType }, content: bytes };
  const [, boundary] = /boundary=["']?([^"';]+)/.exec(contentType) ?? [];
  if (boundary === undefined) throw invalid('The upload has no boundary.');
  // latin1 keeps each byte.
  const parts = bytes
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    // gcloud puts the boundary in single quotes, and ends lines with LF alone.
    .map((part) => /\r?\n\r?\n([^]*?)\r?\n$/.exec(part)?.[1] ?? '');
  const [metadata = '{}', content = ''] = parts;
  return {
    metadata: parse(resourceSchema, JSON.parse(Buffer.from(metadata, 'latin1').toString())),
    content: Buffer.from(content, 'latin1'),
  };
}

/** Request preconditions: 412, and 0 stands for an object that does not exist. https://cloud.google.com/storage/docs/request-preconditions */
function checkGeneration({ query }: Call, existing: Resource | undefined): void {
  const wanted = query.get('ifGenerationMatch');
  if (wanted === null || wanted === (textIn(existing, 'generation') || '0')) return;
  throw new CloudError('CONDITION_NOT_MET', 'At least one of the pre-conditions you specified did not hold.');
}

function insertObject(call: Call): Resource {
  const { cloud, ids, query, url } = call;
  const bucket = ids['bucket'] ?? '';
  const { metadata, content } = readUpload(call);
  const { object = '' } = ids;
  const name = decodeURIComponent(object) || (query.get('name') ?? textIn(metadata, 'name'));
  const key = objectKey(call, name);
  // The bucket of uploads is Google's own.
  if (!call.query.has('X-Goog-Signature')) cloud.store.get(bucketKey(call));
  checkGeneration(call, cloud.store.find(key));
  const generation = String(cloud.now() * 1000 + cloud.serial());
  const link = `${url}/storage/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  const stored: Resource = {
    contentType: 'application/octet-stream',
    ...metadata,
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: link,
    mediaLink: `${link}?alt=media`,
    name,
    bucket,
    generation,
    metageneration: '1',
    storageClass: 'STANDARD',
    // "uint64 format": a string in JSON [objects, size]
    size: String(content.length),
    md5Hash: createHash('md5').update(content).digest('base64'),
    timeCreated: cloud.timestamp(),
    updated: cloud.timestamp(),
    etag: 'CAE=',
  };
  if (cloud.store.find(key) !== undefined) {
    cloud.store.remove(key);
    cloud.store.remove(contentKey(key));
  }
  cloud.store.insert(key, stored);
  cloud.store.insert(contentKey(key), { base64: content.toString('base64') });
  return stored;
}

const getObject = (call: Call): Resource | Raw =>
  call.query.get('alt') === 'media' ? download(call) : call.cloud.store.get(objectKey(call));

function download(call: Call): Raw {
  const { store } = call.cloud;
  const found = store.get(objectKey(call));
  const content = Buffer.from(textIn(store.get(contentKey(objectKey(call))), 'base64'), 'base64');
  return new Raw(content, {
    'content-type': textIn(found, 'contentType'),
    'x-goog-generation': textIn(found, 'generation'),
    'x-goog-metageneration': '1',
  });
}

function deleteObject(call: Call): undefined {
  const { store } = call.cloud;
  checkGeneration(call, store.get(objectKey(call)));
  store.remove(objectKey(call));
  store.remove(contentKey(objectKey(call)));
}

function listObjects(call: Call): Resource {
  call.cloud.store.get(bucketKey(call));
  const prefix = call.query.get('prefix') ?? '';
  const items = objectsOf(call.cloud, bucketKey(call)).filter((object) =>
    textIn(object, 'name').startsWith(prefix),
  );
  return { kind: 'storage#objects', ...(items.length > 0 && { items: [...items] }) };
}

/** A policy's response has a kind and an id. https://cloud.google.com/storage/docs/json_api/v1/buckets/getIamPolicy */
const policyOf = (call: Call, policy: Resource): Resource => ({
  kind: 'storage#policy',
  resourceId: `projects/_/buckets/${call.ids['bucket'] ?? ''}`,
  ...policy,
});

export const storageRoutes: readonly Route[] = [
  { method: 'POST', pattern: 'storage/v1/b', handle: insertBucket },
  {
    method: 'GET',
    pattern: 'storage/v1/b',
    handle: ({ cloud }) => ({ kind: 'storage#buckets', items: [...cloud.store.list('storage/b')] }),
  },
  { method: 'GET', pattern: BUCKET, handle: (call) => call.cloud.store.get(bucketKey(call)) },
  { method: 'PATCH', pattern: BUCKET, handle: updateBucket },
  { method: 'DELETE', pattern: BUCKET, handle: deleteBucket },
  {
    method: 'GET',
    pattern: `${BUCKET}/iam`,
    handle: (call) => {
      call.cloud.store.get(bucketKey(call));
      return policyOf(call, call.cloud.policies.get(bucketKey(call)));
    },
  },
  {
    method: 'PUT',
    pattern: `${BUCKET}/iam`,
    handle: (call) => policyOf(call, call.cloud.policies.set(call.cloud, bucketKey(call), call.body)),
  },
  { method: 'POST', pattern: `upload/${BUCKET}/o`, handle: insertObject },
  // A signed URL. https://cloud.google.com/storage/docs/access-control/signed-urls
  { method: 'PUT', pattern: `upload/${OBJECT}`, handle: insertObject },
  { method: 'GET', pattern: `${BUCKET}/o`, handle: listObjects },
  { method: 'GET', pattern: OBJECT, handle: getObject },
  { method: 'GET', pattern: `download/${OBJECT}`, handle: getObject },
  // https://cloud.google.com/storage/docs/xml-api/get-object-download
  { method: 'GET', pattern: 'xml/{bucket}/{object+}', handle: download },
  { method: 'DELETE', pattern: OBJECT, handle: deleteObject },
];
