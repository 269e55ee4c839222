import { useEffect } from 'preact/hooks';
import { CalendarView } from './calendar/view.tsx';
import { zone } from './calendar/data.ts';
import { ChannelsView } from './channels/view.tsx';
import { ClockView } from './clock/view.tsx';
import { FaultsView } from './faults/view.tsx';
import { JournalView } from './journal/view.tsx';
import { Asked } from './parts/ask.tsx';
import { Help } from './parts/help.tsx';
import { KeyHelpButton, showKeyHelp } from './parts/key-help.tsx';
import { Toasts } from './parts/toasts.tsx';
import { tick } from './server/clock.ts';
import { connected } from './server/live.ts';
import { route, show } from './server/navigation.ts';
import { formatRoute, VIEWS } from './state/route.ts';
import { ThemeButton } from './theme.tsx';
import type { ComponentType } from 'preact';
import type { View } from './state/route.ts';

const SCREENS: Readonly<Record<View, readonly [title: string, screen: ComponentType]>> = {
  calendar: ['Calendar', CalendarView],
  channels: ['Channels', ChannelsView],
  journal: ['Journal', JournalView],
  faults: ['Faults', FaultsView],
  clock: ['Clock', ClockView],
};

/** The whole page. */
export function App() {
  const { view } = route.value;
  const [title, Screen] = SCREENS[view];
  useEffect(() => {
    document.title = `${title} – Calendar emulator`;
  }, [title]);
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <header class="bar">
        <span class="brand">Calendar emulator</span>
        <nav aria-label="Views">
          {VIEWS.map((name) => (
            <a
              key={name}
              href={formatRoute({ view: name, query: {} })}
              aria-current={name === view ? 'page' : undefined}
            >
              {SCREENS[name][0]}
            </a>
          ))}
        </nav>
        <span class="row end tools">
          <a class="mono time" href="#/clock">
            <span class="visually-hidden">The emulator’s clock: </span>
            {new Date(tick.value).toLocaleTimeString('en-GB', { timeZone: zone.value })}
          </a>
          <span class={connected.value ? 'link-state live' : 'link-state'} role="status">
            {connected.value ? 'live' : 'reconnecting'}
          </span>
          <a class="wide" href="/emulator/coverage">
            Coverage
          </a>
          <ThemeButton />
          <KeyHelpButton label="Keyboard help" />
        </span>
      </header>
      <main>
        <Screen />
      </main>
      <Help />
      <Asked />
      <Toasts />
    </>
  );
}

/** Keys that work everywhere, but not while something is typed or a dialog is open. */
function onKey({ key, target, altKey, ctrlKey, metaKey }: KeyboardEvent): void {
  if (altKey || ctrlKey || metaKey || !(target instanceof Element)) return;
  if (target.closest('input, select, textarea, dialog')) return;
  if (key === '?') showKeyHelp();
  const view = /^[1-5]$/.test(key) ? VIEWS[Number(key) - 1] : undefined;
  if (view) show(view);
}
