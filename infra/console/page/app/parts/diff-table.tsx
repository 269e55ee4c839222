import type { Difference } from '../../../model/diff.ts';
import { Masked } from './masked.tsx';

interface Props {
  readonly differences: readonly Difference[];
  /** The names of both sides; of one, only the newer is shown. */
  readonly sides: readonly [string, string] | readonly [string];
}

/** Leaves by their path, with their values on one side or on both. */
export function DiffTable({ differences, sides }: Props) {
  const both = sides.length === 2;
  return (
    <table class={both ? 'diff' : 'diff single'}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {sides.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {differences.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row" class="mono">
              {path}
            </th>
            {both && <td>{before !== undefined && <Value tone="old" text={before} />}</td>}
            <td>{after !== undefined && <Value tone={both ? 'now' : ''} text={after} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Longer values may have to be scrolled, also with the keyboard. */
const SHORT = 60;

const Value = ({ text, tone }: { readonly text: string; readonly tone: 'old' | 'now' | '' }) => (
  <div class={`side ${tone}`} tabIndex={text.length > SHORT ? 0 : undefined}>
    <Masked text={text} />
  </div>
);
