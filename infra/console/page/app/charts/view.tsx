import { useEffect } from 'preact/hooks';
import type { ChartList } from '../../../model/chart.ts';
import { Choice } from '../../../../emulator/page/app/parts/choice.tsx';
import { has } from '../parts/api.ts';
import { useLoaded } from '../parts/loaded.ts';
import { go, place } from '../state/place.ts';
import { Figure } from './figure.tsx';

const SPANS = ['15', '60', '360', '1440'] as const;
const NAMES: Readonly<Record<(typeof SPANS)[number], string>> = {
  '15': '15 minutes',
  '60': 'an hour',
  '360': '6 hours',
  '1440': 'a day',
};

/** Charts, live. */
export function Charts() {
  const minutes = SPANS.find((span) => span === place.value.query['minutes']) ?? '60';
  const { value, problem, loading, reload } = useLoaded(
    `/api/charts?minutes=${minutes}`,
    has<ChartList>('charts'),
  );
  const refreshMs = value?.refreshMs ?? 5_000;
  useEffect(() => {
    // Only once the last answer has come.
    if (loading) return undefined;
    const timer = setTimeout(() => void reload(), refreshMs);
    return () => clearTimeout(timer);
  }, [loading, refreshMs, minutes]);
  return (
    <div class="charts">
      <h1 class="visually-hidden">Charts</h1>
      <div class="row">
        <Choice
          class="inline"
          id="filter"
          label="The last"
          value={minutes}
          options={SPANS.map((span) => [span, NAMES[span]])}
          onChange={(chosen) => go({ view: 'charts', query: { minutes: chosen } }, { replace: true })}
        />
        {problem !== undefined && <p class="error">{problem}</p>}
      </div>
      <div class="figures">
        {value === undefined
          ? Array.from({ length: 5 }, (_, index) => <div key={index} class="chart waiting" />)
          : value.charts.map((chart) => <Figure key={chart.id} chart={chart} />)}
      </div>
    </div>
  );
}
