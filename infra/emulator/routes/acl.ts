import * as z from 'zod';
import { bodyOf, mergePatch, parseBody } from '../protocol/body.ts';
import { flag } from '../event/query.ts';
import { type Answer, CalendarError, type Call, type Route } from '../protocol/http.ts';
import { invalid, notFound, required } from '../protocol/api-errors.ts';
import { openCalendar, putRule, ruleId } from '../state/access.ts';
import { contentTag } from '../state/etag.ts';
import { type CalendarRecord, type Role, type Rule, roles } from '../state/records.ts';
import { pagesOfItems } from '../state/pages.ts';
import { answerList } from '../state/traversal.ts';
import type { Store } from '../state/store.ts';

/** An access rule as clients write it (https://developers.google.com/workspace/calendar/api/v3/reference/acl). */
const RuleBody = z.object({
  role: z.enum(roles).optional(),
  scope: z
    .object({
      type: z.enum(['default', 'user', 'group', 'domain']).optional(),
      value: z.string().optional(),
    })
    .optional(),
});

/**
 * acl.list and get, which writers may call too, and insert, patch, update and delete, which are for owners only
 * (https://developers.google.com/workspace/calendar/api/v3/reference/acl, `role`).
 */
export function aclRoutes(store: Store): Route[] {
  const rules = '/calendars/:calendarId/acl';
  const open = (call: Call, wanted: Role): CalendarRecord =>
    openCalendar(store, call.user, call.params['calendarId'] ?? '', wanted).calendar;
  const change = (call: Call, how: 'patch' | 'update'): Answer => {
    const calendar = open(call, 'owner');
    const before = find(calendar, call);
    const json = bodyOf(call.body);
    const after = readRule(
      how === 'patch' ? mergePatch({ ...before }, json) : { scope: before.scope, ...json },
    );
    if (ruleId(after.scope) !== ruleId(before.scope))
      throw invalid('scope', 'The scope of a rule cannot be changed.');
    return write(store, calendar, after);
  };
  return [
    {
      id: 'calendar.acl.list',
      method: 'GET',
      path: rules,
      handle: (call) => list(store, call, open(call, 'writer')),
    },
    {
      id: 'calendar.acl.get',
      method: 'GET',
      path: `${rules}/:ruleId`,
      handle: (call) => answer(find(open(call, 'writer'), call)),
    },
    {
      id: 'calendar.acl.insert',
      method: 'POST',
      path: rules,
      handle: (call) => write(store, open(call, 'owner'), readRule(bodyOf(call.body))),
    },
    {
      id: 'calendar.acl.patch',
      method: 'PATCH',
      path: `${rules}/:ruleId`,
      handle: (call) => change(call, 'patch'),
    },
    {
      id: 'calendar.acl.update',
      method: 'PUT',
      path: `${rules}/:ruleId`,
      handle: (call) => change(call, 'update'),
    },
    {
      id: 'calendar.acl.delete',
      method: 'DELETE',
      path: `${rules}/:ruleId`,
      handle(call) {
        const calendar = open(call, 'owner');
        write(store, calendar, { ...find(calendar, call), role: 'none' });
        return { status: 204 };
      },
    },
  ];
}

function find(calendar: CalendarRecord, call: Call): Rule {
  const rule = calendar.acl.get((call.params['ruleId'] ?? '').toLowerCase())?.value;
  if (!rule || rule.role === 'none') throw notFound();
  return rule;
}

function list(store: Store, call: Call, calendar: CalendarRecord): Answer {
  const deleted = flag(call.query, 'showDeleted');
  return answerList(store, call, {
    collection: { resource: 'acl', calendarId: calendar.id },
    revision: calendar.acl.revision(),
    pageSize: { fallback: 100, max: 250 },
    trueWithToken: ['showDeleted'],
    envelope: { kind: 'calendar#acl' },
    items: (since) =>
      pagesOfItems(
        calendar.acl
          .changedSince(since?.revision ?? 0)
          .filter(({ value }) => since !== undefined || deleted || value.role !== 'none')
          .map(({ value }) => showRule(value)),
      ),
  });
}

function write(store: Store, calendar: CalendarRecord, rule: Rule): Answer {
  const known = calendar.acl.get(ruleId(rule.scope))?.value;
  if (rule.scope.value === calendar.dataOwner && rule.role !== 'owner')
    throw new CalendarError(403, {
      domain: 'calendar',
      reason: 'cannotChangeOwnerAcl',
      message: 'Cannot change the access level of the calendar owner.',
    });
  if (known?.role !== rule.role) store.together(() => putRule(store, calendar, rule));
  return answer(rule);
}

function readRule(json: Readonly<Record<string, unknown>>): Rule {
  const { role, scope } = parseBody(RuleBody, json);
  if (role === undefined) throw required('role');
  if (scope === undefined) throw required('scope');
  const { type } = scope;
  // Not the default scope, which would make the calendar public.
  if (type === undefined) throw required('scope.type');
  if (type === 'default') return { role, scope: { type } };
  if (!scope.value) throw required('scope.value');
  const form = type === 'domain' ? /^[^\s@]+$/ : /^[^\s@]+@[^\s@]+$/;
  if (!form.test(scope.value)) throw invalid('scope.value');
  return { role, scope: { type, value: scope.value.toLowerCase() } };
}

function showRule(rule: Rule) {
  const content = { kind: 'calendar#aclRule', id: ruleId(rule.scope), ...rule };
  return { ...content, etag: contentTag(content) };
}

function answer(rule: Rule): Answer {
  const body = showRule(rule);
  return { status: 200, etag: body.etag, body };
}
