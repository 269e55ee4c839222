import { useState } from 'preact/hooks';
import type { Chart } from '../../../model/chart.ts';
import { Copyable } from '../parts/copyable.tsx';
import { nameAt } from './names.ts';
import { Plot } from './plot.tsx';

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const textOf = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : COUNT.format(value);

/** A chart with its title, what it says in words, its legend, and its numbers as a table. */
export function Figure({ chart }: { readonly chart: Chart }) {
  const [point, setPoint] = useState<number | null>(null);
  const { id, title, unit, note, notKnown, series } = chart;
  return (
    <figure class="chart" aria-labelledby={`chart-${id}`}>
      <figcaption>
        <h2 id={`chart-${id}`}>
          {title}
          {unit !== null && <span class="muted"> ({unit})</span>}
        </h2>
        <p class="muted">{notKnown === null ? note : 'Not known here.'}</p>
      </figcaption>
      {notKnown === null ? (
        <>
          <Plot chart={chart} point={point} onPoint={setPoint} />
          <div class="legend" aria-hidden="true">
            {series.map(({ label, tone, values }) => (
              <span key={label}>
                <span class={`swatch ${tone}`} /> {label}
                {point !== null && <b> {textOf(values[point])}</b>}
              </span>
            ))}
            {point !== null && <span class="muted">{nameAt(chart, point)}</span>}
          </div>
          <Numbers chart={chart} />
        </>
      ) : (
        <div class="unknown">
          <p>{notKnown.because}.</p>
          {notKnown.fix !== null && <Copyable text={notKnown.fix} />}
        </div>
      )}
    </figure>
  );
}

/** The numbers of a chart. Times without any are left out; the latest is first. */
function Numbers({ chart }: { readonly chart: Chart }) {
  const [isOpen, setOpen] = useState(false);
  const { x, series } = chart;
  const count = x.kind === 'times' ? x.at.length : x.names.length;
  const all = Array.from({ length: count }, (_, index) => index);
  const some = all.filter((index) => series.some(({ values }) => (values[index] ?? 0) !== 0));
  const rows = x.kind === 'names' ? all : chart.id === 'moments' ? some : some.toReversed();
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        <div class="numbers">
          <table class="plain-table" aria-label={chart.title}>
            <thead>
              <tr>
                <th scope="col">{x.kind === 'times' ? 'Time' : 'Left'}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((index) => (
                <tr key={index}>
                  <th scope="row">{nameAt(chart, index)}</th>
                  {series.map(({ label, values }) => (
                    <td key={label} class="mono">
                      {textOf(values[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length === 0 && <p class="muted">Nothing yet.</p>}
        </div>
      )}
    </details>
  );
}
