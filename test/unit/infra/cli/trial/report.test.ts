import { expect, test } from 'vitest';
import { createEvidence } from '../../../../../infra/cli/trial/evidence.ts';
import { anonymous, reportText } from '../../../../../infra/cli/trial/report.ts';

test.each([
  ['GET calendars/team@group.calendar.google.com as ada@example.com: 403', 'GET calendars/… as …: 403'],
  ['calendars/team%40group.calendar.google.com/events', 'calendars/…/events'],
  ['cannot act as mirror@my-project.iam.gserviceaccount.com: denied', 'cannot act as …: denied'],
  ['the topic of my-project does not exist', 'the topic of … does not exist'],
  ['410 fullSyncRequired', '410 fullSyncRequired'],
])('a report has neither addresses nor names: %s', (text, expected) => {
  expect(anonymous(text, ['my-project', ''])).toBe(expected);
});

test('what differs stays in the evidence, whatever is seen later', () => {
  const evidence = createEvidence();
  evidence.see('G4', true, '410 fullSyncRequired');
  evidence.see('G4', false, '400 invalid');
  evidence.see('G4', true, '410 fullSyncRequired');
  const sighting = evidence.sightings().find(({ id }) => id === 'G4');
  expect(sighting).toMatchObject({ verdict: 'differs', seen: '400 invalid' });
});

test('a report has the steps with their times, and each assumption beside what was seen', () => {
  const evidence = createEvidence();
  evidence.see('G2', false, 'pages of 25 for 5');
  const text = reportText({
    mode: 'service-account',
    startedAt: 0,
    steps: [
      { title: 'edit it', ok: true, hops: { notification: 900, mirror: 1_400, feed: 1_460 } },
      { title: 'delete an event', ok: false, says: 'one | two' },
    ],
    sightings: evidence.sightings(),
  });
  expect(text).toContain(
    '| ✓ | edit it | edit → 0.90 s notification → 1.40 s mirror → 1.46 s feed |\n| ✗ | delete an event | one \\| two |',
  );
  expect(text).toMatch(/^\| ✗ \| G2 \| A page has .* \| pages of 25 for 5 \|$/m);
  expect(text).toMatch(/^\| – \| G1 \| .* \| not seen this time \|$/m);
  expect(text).toMatch(/^\| – \| G44 \| .* \| not visible from outside \|$/m);
});
