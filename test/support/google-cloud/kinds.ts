import { CloudError, invalid } from './errors.ts';
import { policyRoutes } from './policies.ts';
import { asResponse, parse, patched, resourceSchema, type Resource } from './resource.ts';
import { fill, type Call, type Route } from './routes.ts';

/** One kind of resource with Google's standard methods (https://google.aip.dev/130), and what the server adds to it. */
export interface Kind {
  readonly service: string;
  readonly version: string;
  /** `projects/{project}/topics/{topic}` */
  readonly name: string;
  /** The id of a new resource: by default the query's `{collection in the singular}Id`. Not used if it is created with PUT. */
  readonly idOf?: (call: Call) => string | undefined;
  readonly createdWith?: 'POST' | 'PUT';
  /** Whether PATCH and PUT wrap the resource: `{ topic: …, updateMask }`. */
  readonly envelope?: string;
  /** The field of a list's response, by default the collection. */
  readonly listed?: string;
  /** Returns a new resource with what the server adds, or throws what it refuses. */
  readonly created?: (resource: Resource, call: Call, name: string) => Resource;
  /** Returns a changed resource with what the server adds, or throws what it refuses. */
  readonly updated?: (after: Resource, before: Resource, call: Call, name: string) => Resource;
  /** Throws if the resource cannot be deleted. */
  readonly deleted?: (resource: Resource, call: Call, name: string) => void;
  /** Where long-running operations are, if methods return them: `projects/{project}/locations/{location}`. */
  readonly operationsIn?: string;
  /** The end of a long-running create or update: returns the resource, or throws the operation's error. */
  readonly finished?: (resource: Resource, call: Call, name: string, during: 'create' | 'update') => Resource;
  /** Whether it has an IAM policy. */
  readonly hasPolicy?: boolean;
}

const singular = (collection: string): string => collection.replace(/ies$/, 'y').replace(/s$/, '');

export function routesOf(kind: Kind): readonly Route[] {
  const { service, version, name: pattern } = kind;
  const parent = pattern.slice(0, pattern.lastIndexOf('/'));
  const collection = parent.slice(parent.lastIndexOf('/') + 1);
  const last = pattern.slice(pattern.lastIndexOf('/') + 2, -1);
  const keyOf = (name: string): string => `${service}/${name}`;
  const nameOf = ({ ids }: Call): string => fill(pattern, ids);
  const idOf = kind.idOf ?? (({ query }: Call) => query.get(`${singular(collection)}Id`) ?? undefined);

  /** Responds with the resource, or with an operation that ends in it. */
  function answer(call: Call, name: string, during: 'create' | 'update'): Resource {
    const { store, operations } = call.cloud;
    if (kind.operationsIn === undefined) return asResponse(store.get(keyOf(name)));
    // A new resource's id is not in the path of the request.
    const ids = { ...call.ids, [last]: name.slice(name.lastIndexOf('/') + 1) };
    return operations.start(service, fill(kind.operationsIn, ids), () => {
      const resource = store.get(keyOf(name));
      const after = kind.finished?.(resource, call, name, during) ?? resource;
      store.replace(keyOf(name), after);
      return after;
    });
  }

  function create(call: Call, name: string): Resource {
    const { store } = call.cloud;
    if (store.find(keyOf(name)) !== undefined) {
      throw new CloudError('ALREADY_EXISTS', `Resource '${name}' already exists`);
    }
    const wanted = { ...call.body, name };
    store.insert(keyOf(name), kind.created?.(wanted, call, name) ?? wanted);
    return answer(call, name, 'create');
  }

  function update(call: Call, isWhole: boolean): Resource {
    const { store } = call.cloud;
    const name = nameOf(call);
    const before = store.get(keyOf(name));
    const { envelope } = kind;
    const change = envelope === undefined ? call.body : parse(resourceSchema, call.body[envelope]);
    const inBody = envelope === undefined ? undefined : call.body['updateMask'];
    const mask = typeof inBody === 'string' ? inBody : call.query.get('updateMask');
    const after = { ...patched(before, change, isWhole ? null : mask), name };
    store.replace(keyOf(name), kind.updated?.(after, before, call, name) ?? after);
    return answer(call, name, 'update');
  }

  const methods: Route[] = [
    {
      method: 'GET',
      pattern: `${version}/${pattern}`,
      handle: (call) => asResponse(call.cloud.store.get(keyOf(nameOf(call)))),
    },
    {
      method: 'GET',
      pattern: `${version}/${parent}`,
      handle: (call) => {
        const found = call.cloud.store.list(keyOf(fill(parent, call.ids)));
        return asResponse({ [kind.listed ?? collection]: found.map(asResponse) });
      },
    },
    { method: 'PATCH', pattern: `${version}/${pattern}`, handle: (call) => update(call, false) },
    {
      method: 'DELETE',
      pattern: `${version}/${pattern}`,
      handle: (call) => {
        const { store, policies, operations } = call.cloud;
        const name = nameOf(call);
        kind.deleted?.(store.get(keyOf(name)), call, name);
        const remove = (): Resource => {
          store.remove(keyOf(name));
          policies.remove(keyOf(name));
          return {};
        };
        if (kind.operationsIn === undefined) return remove();
        return operations.start(service, fill(kind.operationsIn, call.ids), remove);
      },
    },
  ];
  if (kind.createdWith === 'PUT') {
    methods.push({
      method: 'PUT',
      pattern: `${version}/${pattern}`,
      handle: (call) => create(call, nameOf(call)),
    });
  } else {
    methods.push(
      {
        method: 'POST',
        pattern: `${version}/${parent}`,
        handle: (call) => {
          const id = idOf(call);
          if (id === undefined || id === '')
            throw invalid(`The id of a new resource in ${parent} is missing.`);
          return create(call, `${fill(parent, call.ids)}/${id}`);
        },
      },
      { method: 'PUT', pattern: `${version}/${pattern}`, handle: (call) => update(call, true) },
    );
  }
  return kind.hasPolicy ? [...methods, ...policyRoutes(service, version, pattern)] : methods;
}
