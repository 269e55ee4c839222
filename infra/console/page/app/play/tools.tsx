import type { ComponentChildren } from 'preact';
import { formatDuration } from '../../../../emulator/page/app/state/duration.ts';
import { Copyable } from '../parts/copyable.tsx';
import { days, watch, zone } from '../week/data.ts';
import { googleItems } from '../week/boards.ts';
import { actor, log, press, status } from './data.ts';

/** What can happen to a calendar besides edits, and the command of each thing that was done. */
export function Tools() {
  return (
    <aside class="tools" aria-label="Tools">
      <Burst />
      <Notifications />
      <Trouble />
      <Clock />
      <Log />
    </aside>
  );
}

const Group = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <fieldset class="group">
    <legend>{title}</legend>
    <div class="row">{children}</div>
  </fieldset>
);

interface ToolProps {
  readonly label: string;
  readonly route: string;
  readonly body: unknown;
  /** What follows. */
  readonly hint: string;
  readonly disabled?: boolean;
}

const Tool = ({ label, route, body, hint, disabled = false }: ToolProps) => (
  <button
    type="button"
    class="small"
    title={hint}
    disabled={disabled}
    onClick={() => void press(route, body, hint)}
  >
    {label}
  </button>
);

/** The calendar of the watch. */
const calendarId = (): string => watch.value?.calendarId ?? '';
/** Faults act on the channels and tokens of the watch, not on those of the account that edits. */
const ofWatch = () => ({ user: watch.value?.user ?? '', calendarId: calendarId() });
const command = (name: string): string => `calendar-mirror ${name} ${watch.value?.id ?? ''}`;

function Burst() {
  const target = { user: actor.value, calendarId: calendarId() };
  // A single event: an occurrence would become an exception of its series.
  const event = googleItems.value.find(({ event: { recurringEventId } }) => recurringEventId === undefined);
  return (
    <Group title="Burst">
      <Tool
        label="100 new events"
        route="burst"
        body={{ what: 'create', ...target, days: days.value, timeZone: zone.value }}
        hint="A hundred notifications, a few syncs, and every event on the feed."
      />
      <Tool
        label="100 edits of one event"
        route="burst"
        body={{ what: 'edit', ...target, event: event?.key ?? '' }}
        hint="A hundred notifications, and the last edit is mirrored within 3 s."
        disabled={event === undefined}
      />
      <Tool
        label="Remove the new events"
        route="burst"
        body={{ what: 'remove', ...target }}
        hint="Each is deleted from the mirror, and announced."
      />
    </Group>
  );
}

function Notifications() {
  const body = { ...ofWatch(), resource: 'events' };
  const faults = status.value?.faults ?? 0;
  return (
    <Group title="The next notification">
      <Tool
        label="Drop"
        route="scenarios/lost-notification"
        body={body}
        hint={`The mirror misses it until the next notification or check: ${command('sync')}`}
      />
      <Tool
        label="Double"
        route="scenarios/duplicate-notification"
        body={body}
        hint="It arrives twice; the change is on the feed once."
      />
      <Tool
        label="Delay by 5 s"
        route="scenarios/late-notification"
        body={{ ...body, ms: 5_000 }}
        hint="The mirror follows 5 s after the edit."
      />
      <Tool
        label={`Clear faults (${faults})`}
        route="clear"
        body={{}}
        hint="Notifications arrive as they should."
        disabled={faults === 0}
      />
    </Group>
  );
}

function Trouble() {
  const channels = status.value?.channels;
  return (
    <Group title="Trouble">
      <Tool
        label="Expire sync tokens"
        route="scenarios/token-expired"
        body={ofWatch()}
        hint="The next sync is answered 410, and runs in full beside the live mirror."
      />
      <Tool
        label="Kill channels"
        route="scenarios/dead-channel"
        body={ofWatch()}
        hint={`Google goes silent without a word. A poll finds what was missed, and the channel is replaced: ${command('sync')}`}
      />
      <Tool
        label="Expire channels"
        route="scenarios/channel-expired"
        body={ofWatch()}
        hint={`No notification comes any more: ${command('renew')}`}
      />
      {channels && (
        <p class="muted">
          Channels: {channels.live} live, {channels.killed} silent, {channels.expired} expired
        </p>
      )}
    </Group>
  );
}

const JUMPS = [
  ['+ 1 hour', { hours: 1 }],
  ['+ 1 day', { days: 1 }],
  ['+ 8 days', { days: 8 }],
] as const;

function Clock() {
  const ahead = status.value?.ahead ?? 0;
  return (
    <Group title="Google’s clock">
      {JUMPS.map(([label, body]) => (
        <Tool
          key={label}
          label={label}
          route="scenarios/clock-jump"
          body={body}
          hint="Channels and tokens of Google reach their ends; this machine’s clock stays."
        />
      ))}
      <p class="muted">{ahead === 0 ? 'On time' : `${formatDuration(ahead)} ahead`}</p>
    </Group>
  );
}

function Log() {
  const page = status.value?.page;
  return (
    <section class="log" aria-labelledby="log">
      <h2 id="log">The same by command</h2>
      {log.value.length === 0 && (
        <p class="muted">
          Drag in the week, or press a button: the command that does the same appears here.
          {page !== undefined && (
            <>
              {' '}
              <a href={page} target="_blank" rel="noreferrer">
                The emulator’s own page
              </a>{' '}
              has every other fault.
            </>
          )}
        </p>
      )}
      <ol>
        {log.value.map(({ id, did, command: text, hint }) => (
          <li key={id}>
            <p>
              <strong>{did}</strong> <span class="muted">{hint}</span>
            </p>
            <Copyable text={text} />
          </li>
        ))}
      </ol>
    </section>
  );
}
