/** Where providers of video meetings have the links to join one. */

/** Provider, its domains with all their subdomains, and where there the path, query and fragment of a link to join begins. */
const SITES = [
  ['meet', ['meet.google.com'], /^\/(?:_meet\/)?(?:[a-z]{3}-[a-z]{4}-[a-z]{3}\b|(?:lookup|stream)\/\w)/i],
  ['meet', ['g.co'], /^\/meet\/\w/],
  ['zoom', ['zoom.us', 'zoomgov.com', 'zoom.com', 'zoom.com.cn'], /^\/(?:j|w|my|wc)\/\w/],
  [
    'teams',
    ['teams.microsoft.com', 'teams.live.com', 'teams.cloud.microsoft', 'teams.microsoft.us'],
    /^\/(?:(?:_|v2\/?)(?:\?[^#]*)?#\/)?(?:(?:l\/meetup-join|meet)\/\w|dl\/launcher\/launcher\.html\?)/,
  ],
  [
    'webex',
    ['webex.com'],
    /^\/(?:(?:meet|join)\/\w|[\w.-]+\/[egjk]\.php\?(?:[^#]*&)?MTID=|wbxmjs\/joinservice\/|webappng\/sites\/[\w.-]+\/meeting\/)/,
  ],
  ['whereby', ['whereby.com'], /^\/(?!(?:information|blog|user|org|pricing|embedded)\b)[\w-]/],
  ['jitsi', ['meet.jit.si'], /^\/(?!static\/)[^?#]/],
  ['around', ['around.co'], /^\/r\/\w/],
  ['chime', ['chime.aws'], /^\/(?:\d{4,}|meetings\/\w|portal\/\w)/],
  ['goTo', ['gotomeeting.com', 'gotowebinar.com'], /^\/join\/\d/],
  ['goTo', ['gotomeet.me', 'meet.goto.com'], /^\/\w/],
  ['goTo', ['app.goto.com'], /^\/meetings?\/\w/],
  ['blueJeans', ['bluejeans.com'], /^\/(?:\d{4,}|m\/\w|a2m\/live-event\/\w)/],
  ['skype', ['join.skype.com'], /^\/\w/],
  ['skype', ['meet.lync.com'], /^\/[\w.-]+\/[\w.-]+\/\w/],
  ['ringCentral', ['v.ringcentral.com', 'meetings.ringcentral.com'], /^\/(?:j|join|conf\/on)\/\w/],
  ['slack', ['app.slack.com'], /^\/huddle\/\w/],
  // An invitation to a server is not one to a meeting.
  ['discord', ['discord.com'], /^\/(?:channels|events)\/\d/],
  ['eightByEight', ['8x8.vc'], /^\/[\w-]/],
  ['dialpad', ['meetings.dialpad.com', 'uberconference.com'], /^\/[\w-]/],
  ['zoho', ['meeting.zoho.com', 'meeting.zoho.eu', 'meeting.zoho.in'], /^\/(?:join\b|meeting\/\w)/],
  ['zoho', ['meet.zoho.com', 'meet.zoho.eu', 'meet.zoho.in'], /^\/\w/],
  ['lark', ['vc.larksuite.com', 'vc.feishu.cn'], /^\/j\/\d/],
  ['tencent', ['meeting.tencent.com', 'voovmeeting.com'], /^\/(?:dm|dw|p|s)\/\w/],
  ['faceTime', ['facetime.apple.com'], /^\/join#\w/],
  ['gather', ['gather.town'], /^\/app\/\w/],
  ['riverside', ['riverside.fm'], /^\/studio\/\w/],
] as const satisfies readonly (readonly [string, readonly string[], RegExp])[];

/** A provider of video meetings. */
export type Provider = (typeof SITES)[number][0];

type Site = (typeof SITES)[number];

const BY_DOMAIN: ReadonlyMap<string, Site> = new Map(
  SITES.flatMap((site) => site[1].map((domain) => [domain, site] as const)),
);

/** Returns the site that a host belongs to. Domains have two or three labels. */
function siteOf(hostname: string): Site | undefined {
  const labels = hostname.toLowerCase().split('.');
  return BY_DOMAIN.get(labels.slice(-3).join('.')) ?? BY_DOMAIN.get(labels.slice(-2).join('.'));
}

/** Returns whether a host belongs to a provider. */
export const isOfProvider = (hostname: string): boolean => siteOf(hostname) !== undefined;

/** Returns the provider of a meeting that a URL joins; undefined if it does not join one. */
export function providerOf({ hostname, pathname, search, hash }: URL): Provider | undefined {
  const site = siteOf(hostname);
  return site?.[2].test(`${pathname}${search}${hash}`) === true ? site[0] : undefined;
}
