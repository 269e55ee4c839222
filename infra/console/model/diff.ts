/** What differs between two versions of an item, leaf by leaf. Pure. */

/** A leaf that differs. A side is undefined where the item has no such leaf. */
export interface Difference {
  /** Such as `start.dateTime` or `attendees[ana@example.com].responseStatus`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

type Item = Readonly<Record<string, unknown>> | null;

/** Returns the leaves that differ, in the order of the newer item. */
export function differencesOf(before: Item, after: Item): readonly Difference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((path) => {
    const difference = { path, before: old.get(path), after: now.get(path) };
    return difference.before === difference.after ? [] : [difference];
  });
}

function leavesOf(item: Item): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  if (item !== null) collect(item, '', leaves);
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      collect(element, `${path}[${nameOf(element) ?? String(index)}]`, leaves);
    }
    return;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      collect(member, path === '' ? key : `${path}.${key}`, leaves);
    }
    return;
  }
  leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
}

/** Returns what an element of a list is known by, so that a guest who was removed does not shift the others. */
function nameOf(element: unknown): string | undefined {
  if (typeof element !== 'object' || element === null) return undefined;
  for (const key of ['email', 'id', 'uri', 'fileUrl']) {
    const name: unknown = Object.hasOwn(element, key) ? Reflect.get(element, key) : undefined;
    if (typeof name === 'string') return name;
  }
  return undefined;
}
