import { useEffect } from 'preact/hooks';
import { Asked } from '../../../emulator/page/app/parts/ask.tsx';
import { KeyHelpButton } from '../../../emulator/page/app/parts/key-help.tsx';
import { Toasts } from '../../../emulator/page/app/parts/toasts.tsx';
import { ThemeButton } from '../../../emulator/page/app/theme.tsx';
import { Charts } from './charts/view.tsx';
import { DeadLetters } from './dead-letters/view.tsx';
import { Help } from './parts/help.tsx';
import { HealthLine } from './parts/health-line.tsx';
import { RevealButton } from './parts/masked.tsx';
import { Play } from './play/view.tsx';
import { ReplayDialog } from './replay/replay.tsx';
import { linkTo, place, VIEWS, type View } from './state/place.ts';
import { about, connection, health } from './state/stream.ts';
import { Subscriptions } from './subscriptions/view.tsx';
import { Timeline } from './timeline/view.tsx';
import { Watches } from './watches/view.tsx';
import { Week } from './week/view.tsx';

const TITLES: Readonly<Record<View, string>> = {
  timeline: 'Changes',
  watches: 'Watches',
  week: 'Week',
  'dead-letters': 'Dead letters',
  subscriptions: 'Subscriptions',
  charts: 'Charts',
  play: 'Play Google',
};
const PAGES: Readonly<Record<View, () => preact.JSX.Element>> = {
  timeline: Timeline,
  watches: Watches,
  week: Week,
  'dead-letters': DeadLetters,
  subscriptions: Subscriptions,
  charts: Charts,
  play: Play,
};

/** Names the tab of the browser by the view, and marks it while something is wrong. */
function useTitle(view: string): void {
  const isWrong = health.value?.ok === false || !['connecting', 'live'].includes(connection.value);
  const title = [view, about.value?.project, 'calendar-mirror'].filter(Boolean).join(' · ');
  useEffect(() => {
    document.title = isWrong ? `⚠ ${title}` : title;
  }, [title, isWrong]);
}

/** The whole page. */
export function App() {
  const { view } = place.value;
  const Page = PAGES[view];
  useTitle(TITLES[view]);
  return (
    <>
      <header class="bar">
        <span class="brand">calendar-mirror</span>
        <span class="muted mono">{about.value?.project}</span>
        {about.value?.writable === false && (
          <span class="badge" title="Start the console with --allow-writes to allow actions">
            read-only
          </span>
        )}
        <nav aria-label="Views">
          {VIEWS.filter((name) => name !== 'play' || about.value?.mode === 'local').map((name) => (
            <a
              key={name}
              {...linkTo({ view: name, query: {} })}
              aria-current={name === view ? 'page' : undefined}
            >
              {TITLES[name]}
            </a>
          ))}
        </nav>
        <span class="row end">
          <RevealButton />
          <ThemeButton />
          <KeyHelpButton label="Help" />
        </span>
      </header>
      <HealthLine />
      <main>
        <Page />
      </main>
      <Help />
      <ReplayDialog />
      <Asked />
      <Toasts />
    </>
  );
}
