/** The filters of subscriptions in the documents are valid, and select the messages that the text says. */
import { describe, expect, test } from 'vitest';
import { documentedFilters, filtersOf, filtersOfTerraform } from '../../support/documented-filters.ts';
import { CLOCK_MESSAGES, FEED_MESSAGES } from '../../support/feed-messages.ts';
import { parseFilter } from '../../support/pubsub-filter.ts';

const selected = (filter: string): readonly string[] => {
  const matches = parseFilter(filter);
  return Object.entries({ ...FEED_MESSAGES, ...CLOCK_MESSAGES })
    .filter(([, { attributes }]) => matches(attributes))
    .map(([name]) => name);
};

/** Every filter of the documents, and the names of the messages that it selects. */
const SELECTED: Readonly<Record<string, readonly string[]>> = {
  // Whatever the change: a new exception of a series may be one, and a deletion is one. No snapshot has a kind.
  'attributes:kind_moved OR attributes:kind_cancelled': [
    'moved',
    'occurrence moved',
    'occurrence cancelled',
    'deleted',
    'moved by ana',
  ],
  '(attributes:kind_moved OR attributes:kind_cancelled) AND attributes.user = "ana@example.com"': [
    'moved by ana',
  ],
  'attributes:kind_moved': ['moved', 'occurrence moved', 'moved by ana'],
  // Messages about events, and about the watches of events.
  'attributes.resource = "events"': [
    'created',
    'renamed',
    'moved',
    'occurrence moved',
    'occurrence cancelled',
    'deleted',
    'snapshot',
    'replayed',
    'touched',
    'moved by ana',
    'active',
    'paused',
    'synced',
    'replay ended',
  ],
  'attributes.moment = "start"': ['the start', 'the start, of ana'],
  // One for each watch that is paused.
  'attributes.state = "paused"': ['paused', 'invalid spec'],
};

test('every filter of the documents is one whose messages are known', () => {
  expect(documentedFilters()).toEqual(Object.keys(SELECTED).toSorted());
});

test.each(Object.entries(SELECTED))('%s selects what the documents say', (filter, names) => {
  expect(selected(filter)).toEqual(names);
});

test.each(['watch', 'user', 'resource', 'calendar'])(
  'a filter by %s selects all numbered messages of a watch, or none',
  (attribute) => {
    const numbered = Object.values(FEED_MESSAGES).flatMap(({ attributes }) =>
      'sequence' in attributes ? [attributes] : [],
    );
    const watchesOf = (messages: typeof numbered): ReadonlySet<string | undefined> =>
      new Set(messages.map(({ watch }) => watch));
    for (const value of new Set(numbered.flatMap((each) => each[attribute] ?? []))) {
      const matches = parseFilter(`attributes.${attribute} = ${JSON.stringify(value)}`);
      const delivered = watchesOf(numbered.filter(matches));
      expect(delivered.size).toBeGreaterThan(0);
      for (const watch of watchesOf(numbered.filter((each) => !matches(each))))
        expect(delivered).not.toContain(watch);
    }
  },
);

const subscription = (name: string): string =>
  `resource "google_pubsub_subscription" "${name}" {\n  topic  = "x"\n  filter = "attributes.a = \\"${name}\\""\n}\n`;

describe('filters are found', () => {
  test('in commands and in the text of a document', () => {
    const text = [
      'Use `attributes.state = "gone"` or `NOT attributes:replay`, not `attributes` and `message.attributes.x`.',
      "```sh\ngcloud pubsub subscriptions create x --topic=y \\\n  --message-filter='attributes:kind_moved'\n```",
      '```sh\nfor name in a b; do\n  gcloud x --message-filter \'hasPrefix(attributes.user, "a")\'\ndone\n```',
      "Or `--message-filter='(attributes:a)'`.",
    ].join('\n\n');
    expect(new Set(filtersOf({ path: 'x.md', text }))).toEqual(
      new Set([
        'attributes.state = "gone"',
        'NOT attributes:replay',
        'attributes:kind_moved',
        'hasPrefix(attributes.user, "a")',
        '(attributes:a)',
      ]),
    );
  });

  test('in subscriptions of Terraform, but not in other resources', () => {
    const sink = 'resource "google_logging_project_sink" "x" {\n  filter = "severity=ERROR"\n}\n';
    expect(filtersOfTerraform(`${subscription('one')}\n${sink}\n${subscription('two')}`)).toEqual([
      'attributes.a = "one"',
      'attributes.a = "two"',
    ]);
  });
});
