import { HealthLine } from './parts/health-line.tsx';
import { go, place, VIEWS, type View } from './state/place.ts';
import { about } from './state/stream.ts';
import { Timeline } from './timeline/view.tsx';
import { Watches } from './watches/view.tsx';

const TITLES: Readonly<Record<View, string>> = { timeline: 'Changes', watches: 'Watches' };
const PAGES: Readonly<Record<View, () => preact.JSX.Element>> = { timeline: Timeline, watches: Watches };

/** The whole page. */
export function App() {
  const { view } = place.value;
  const Page = PAGES[view];
  return (
    <>
      <header class="bar">
        <span class="brand">calendar-mirror</span>
        <span class="muted mono">{about.value?.project}</span>
        <nav aria-label="Views">
          {VIEWS.map((name) => (
            <a
              key={name}
              href={`?view=${name}`}
              aria-current={name === view ? 'page' : undefined}
              onClick={(event) => {
                event.preventDefault();
                go({ view: name, query: {} });
              }}
            >
              {TITLES[name]}
            </a>
          ))}
        </nav>
      </header>
      <HealthLine />
      <main>
        <Page />
      </main>
    </>
  );
}
