import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chart } from '../../../model/chart.ts';
import {
  barPath,
  indexAt,
  labelled,
  linePath,
  MARGIN,
  scaleFor,
  xOf,
  yOf,
  type Size,
} from '../../../model/plot.ts';
import { nameAt } from './names.ts';

/** Height of a plot, px; the same while it loads, so that nothing moves. */
const HEIGHT = 190;
const LABEL_WIDTH = 62;

interface Props {
  readonly chart: Chart;
  /** The index of the x under the pointer; null where there is none. */
  readonly point: number | null;
  readonly onPoint: (index: number | null) => void;
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A chart as a drawing. Its numbers are in the table below it, for those who cannot see it. */
export function Plot({ chart, point, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { x } = chart;
  const count = x.kind === 'times' ? x.at.length : x.names.length;
  const size = { width, height: HEIGHT };
  return (
    <div ref={box} class="plot" aria-hidden="true">
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          onPointerMove={({ offsetX }) => onPoint(indexAt(offsetX, count, size))}
          onPointerLeave={() => onPoint(null)}
        >
          <Drawing chart={chart} count={count} size={size} />
          {point !== null && (
            <line
              class="cursor"
              x1={xOf(point, count, size)}
              x2={xOf(point, count, size)}
              y1={MARGIN.top}
              y2={HEIGHT - MARGIN.bottom}
            />
          )}
        </svg>
      )}
    </div>
  );
}

interface DrawingProps {
  readonly chart: Chart;
  readonly count: number;
  readonly size: Size;
}

function Drawing({ chart, count, size }: DrawingProps) {
  const { shape, series } = chart;
  const highest = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const scale = scaleFor(highest);
  const top = scale.at(-1) ?? 1;
  return (
    <>
      {scale.map((value) => (
        <g key={value}>
          <line
            x1={MARGIN.left}
            x2={size.width - MARGIN.right}
            y1={yOf(value, top, size)}
            y2={yOf(value, top, size)}
          />
          <text class="y" x={MARGIN.left - 8} y={yOf(value, top, size) + 4}>
            {COMPACT.format(value)}
          </text>
        </g>
      ))}
      {labelled(count, size, LABEL_WIDTH).map((index) => (
        <text key={index} class="x" x={xOf(index, count, size)} y={size.height - 6}>
          {nameAt(chart, index)}
        </text>
      ))}
      {/* The first is drawn last, over those that are 0. */}
      {series.toReversed().map(({ label, tone, values }) => (
        <path
          key={label}
          class={`${shape} ${tone}`}
          d={shape === 'bars' ? barPath(values, top, size) : linePath(values, top, size)}
        />
      ))}
    </>
  );
}
