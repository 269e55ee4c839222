/** Links that join a meeting, and links beside them that do not, as providers and their invitations have them. */
import { expect, test } from 'vitest';
import { joinLink } from '../../../../functions/meetings/index.ts';

const THREAD = '19%3ameeting_MjdhNjM4YzUtYzExZi00OTFkLTkzZTAtNTVlNmZmMDhkNGU2%40thread.v2/0';
const CONTEXT = '%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%22550fae72%22%7d';

const JOINS = [
  ['meet', 'https://meet.google.com/abc-defg-hij'],
  ['meet', 'https://meet.google.com/abc-defg-hij?authuser=0&hs=122'],
  ['meet', 'https://meet.google.com/lookup/dqzjxkxwyl'],
  ['meet', 'https://stream.meet.google.com/stream/c2f6c7c5-5c5b-4f33-8a1c-6f9d2d5e6a3b'],
  ['meet', 'https://g.co/meet/standup'],
  ['zoom', 'https://zoom.us/j/98765432100'],
  ['zoom', 'https://us02web.zoom.us/j/86123456789?pwd=Q1pWbGx6RmVvYkRk.1#success'],
  ['zoom', 'https://acme-corp.zoom.us/my/ana.lopez?pwd=a1b2c3'],
  ['zoom', 'https://acme.zoomgov.com/j/1612345678?pwd=abc'],
  ['zoom', 'https://zoom.us/w/98765432100?tk=abc'],
  ['zoom', 'https://app.zoom.us/wc/join/98765432100'],
  ['zoom', 'https://zoom.us/wc/98765432100/join'],
  ['zoom', 'https://us06web.zoom.com/j/98765432100'],
  ['zoom', 'https://acme.zoom.com.cn/j/98765432100'],
  ['teams', `https://teams.microsoft.com/l/meetup-join/${THREAD}?context=${CONTEXT}`],
  ['teams', `https://gov.teams.microsoft.us/l/meetup-join/${THREAD}?context=${CONTEXT}`],
  ['teams', `https://dod.teams.microsoft.us/l/meetup-join/${THREAD}`],
  ['teams', 'https://teams.microsoft.com/meet/234567890123?p=Ab3dEf'],
  ['teams', 'https://teams.live.com/meet/9312345678901?p=xYz'],
  ['teams', 'https://teams.cloud.microsoft/meet/234567890123'],
  ['teams', `https://teams.microsoft.com/_#/l/meetup-join/${THREAD}`],
  ['teams', `https://teams.microsoft.com/v2/?meetingjoin=true#/l/meetup-join/${THREAD}`],
  ['teams', 'https://teams.live.com/v2/?meetingjoin=true#/meet/9312345678901'],
  ['teams', 'https://teams.microsoft.com/dl/launcher/launcher.html?url=%2F_%23%2Fl%2Fmeetup-join%2F19'],
  ['webex', 'https://acme.webex.com/meet/ana.lopez'],
  ['webex', 'https://acme.my.webex.com/acme.my/j.php?MTID=m0a1b2c3d4e5f'],
  ['webex', 'https://acme.webex.com/acme/e.php?AT=SI&MTID=e0a1b2'],
  ['webex', 'https://acme.webex.com/join/ana'],
  ['webex', 'https://acme.webex.com/wbxmjs/joinservice/sites/acme/meeting/download/0a1b'],
  ['webex', 'https://acme.webex.com/webappng/sites/acme/meeting/home'],
  ['whereby', 'https://whereby.com/ana-lopez'],
  ['whereby', 'https://acme.whereby.com/design-review?roomKey=abc'],
  ['jitsi', 'https://meet.jit.si/AcmeStandUp#config.prejoinPageEnabled=false'],
  ['around', 'https://meet.around.co/r/acme-standup'],
  ['chime', 'https://chime.aws/1234567890'],
  ['chime', 'https://app.chime.aws/meetings/1234567890'],
  ['goTo', 'https://global.gotomeeting.com/join/123456789'],
  ['goTo', 'https://www.gotomeet.me/AnaLopez'],
  ['goTo', 'https://meet.goto.com/123456789'],
  ['goTo', 'https://app.goto.com/meeting/123456789'],
  ['goTo', 'https://global.gotowebinar.com/join/123456789/987654321'],
  ['blueJeans', 'https://bluejeans.com/123456789/1234?src=calendarLink'],
  ['blueJeans', 'https://acme.bluejeans.com/123456789'],
  ['blueJeans', 'https://primetime.bluejeans.com/a2m/live-event/abcdefgh'],
  ['skype', 'https://join.skype.com/AbCdEfGhIjKl'],
  ['skype', 'https://meet.lync.com/acme/ana.lopez/1A2B3C4D'],
  ['ringCentral', 'https://v.ringcentral.com/join/123456789?pw=abc'],
  ['ringCentral', 'https://meetings.ringcentral.com/j/1234567890'],
  ['slack', 'https://app.slack.com/huddle/T01ABCDEF/C02GHIJKL'],
  ['discord', 'https://discord.com/channels/123456789012345678/234567890123456789'],
  ['eightByEight', 'https://8x8.vc/acme/standup'],
  ['dialpad', 'https://meetings.dialpad.com/room/analopez'],
  ['dialpad', 'https://www.uberconference.com/room/analopez'],
  ['zoho', 'https://meeting.zoho.eu/meeting/login/embed?key=1234567890'],
  ['zoho', 'https://meeting.zoho.com/join?key=1234567890'],
  ['zoho', 'https://meet.zoho.com/abcd-efg-hij'],
  ['lark', 'https://vc.larksuite.com/j/123456789'],
  ['lark', 'https://vc.feishu.cn/j/123456789'],
  ['tencent', 'https://meeting.tencent.com/dm/aBcDeFgHiJkL'],
  ['faceTime', 'https://facetime.apple.com/join#v=1&p=AbCd&k=EfGh'],
  ['gather', 'https://app.gather.town/app/aBcDeFgH/acme'],
  ['riverside', 'https://riverside.fm/studio/ana-lopez'],
] as const;

test.each(JOINS)('%s: %s', (provider, url) => {
  expect(joinLink({ location: url })).toEqual({ provider, url });
  expect(joinLink({ description: `<p>Join <a href="${url.replaceAll('&', '&amp;')}">here</a></p>` })).toEqual(
    {
      provider,
      url,
    },
  );
});

test.each([
  'https://us02web.zoom.us/u/kdHwZGYzK3',
  'https://zoom.us/meeting/register/tZUkd-2urDkqHtQ',
  'https://zoom.us/',
  'https://support.zoom.us/hc/en-us/articles/201362033',
  'https://teams.microsoft.com/meetingOptions/?organizerId=550fae72&tenantId=72f988bf',
  'https://teams.microsoft.com/l/channel/19%3aabc%40thread.tacv2/General',
  'https://aka.ms/JoinTeamsMeeting?omkt=en-US',
  'https://dialin.teams.microsoft.com/usp/pstnconferencing',
  'https://acme.webex.com/acme/globalcallin.php?MTID=m0a1b2',
  'https://help.webex.com/article/WBX000029055',
  'https://tel.meet/abc-defg-hij?pin=1234567890123',
  'https://meet.google.com/',
  'https://support.google.com/meet/answer/9303069',
  'https://chime.aws/dialinnumbers/',
  'https://whereby.com/blog/remote-work',
  'https://www.bluejeans.com/premium-numbers',
  'https://discord.gg/aBcDeF',
  'https://app.slack.com/client/T01ABCDEF/C02GHIJKL',
  'https://www.google.com/maps?q=zoom.us',
])('joins nothing: %s', (url) => {
  expect(joinLink({ location: url, description: `See ${url} or <a href="${url}">this</a>.` })).toBeNull();
});
