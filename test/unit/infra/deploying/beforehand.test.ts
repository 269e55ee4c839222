/** What surprises people on the first day is said before they meet it. */
import { expect, test } from 'vitest';
import { readDocument } from '../../../support/documents.ts';

/** Returns what a document says before a text. */
function before(path: string, part: string): string {
  const { text } = readDocument(path);
  const end = text.indexOf(part);
  if (end < 0) throw new Error(`${path} has no ${part}`);
  return text.slice(0, end);
}

const SURPRISES = [
  ['that a consent in status Testing ends', /"Testing"[^.]*7 days/s],
  ['that a domain may have to be verified', /verif(?:y|ied)[^.]*domain|domain[^.]*verif(?:y|ied)/s],
  ['that the calendar list of a service account is empty', /calendar list[^.]* empty/s],
] as const;

test.each(SURPRISES)('the guide says %s before the first watch', (_, statement) => {
  expect(before('infra/terraform/README.md', '### The first watch')).toMatch(statement);
});

test.each(SURPRISES)('README says %s where it deploys', (_, statement) => {
  const [, deploying = ''] = before('README.md', '## Cost and speed').split('## Deploy\n');
  expect(deploying).toMatch(statement);
});

test('the gcloud way leads to what to know before the first watch', () => {
  expect(readDocument('infra/gcloud.md').text).toContain('(terraform/README.md#before-the-first-watch)');
});
