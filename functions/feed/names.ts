/** Names of topics and subscriptions, short or in full: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */

/** A project's id, which may have a domain (`example.com:project`), or its number. */
const PROJECT = String.raw`[A-Za-z0-9][\w.:-]*`;
const SHORT = String.raw`(?!goog)[A-Za-z][\w.~+%-]{2,254}`;

const full = (kind: Kind): RegExp => new RegExp(`^(?:projects/(${PROJECT})/${kind}/)?(${SHORT})$`);

type Kind = 'topics' | 'subscriptions';
const NAMES: Readonly<Record<Kind, RegExp>> = {
  topics: full('topics'),
  subscriptions: full('subscriptions'),
};

/** Describes a valid name, for error messages. */
export const nameRule = (kind: Kind): string =>
  `3 to 255 characters, a letter first, or in full: projects/<project>/${kind}/<name>`;

/** Returns whether `name` is the name of a topic or subscription, short or in full. */
export const isName = (kind: Kind, name: string): boolean => NAMES[kind].test(name);

/** Returns the full name of a resource, in `projectId` unless the name has a project. @throws {Error} if it is not a name */
export function fullName(kind: Kind, projectId: string, name: string): string {
  const [, project = projectId, short] = NAMES[kind].exec(name) ?? [];
  if (short === undefined)
    throw new Error(`${JSON.stringify(name)} is not a valid name for ${kind}: use ${nameRule(kind)}`);
  return `projects/${project}/${kind}/${short}`;
}

/** Encodes the full name of a resource as part of a URL's path. */
export const urlPath = (resource: string): string => resource.split('/').map(encodeURIComponent).join('/');
