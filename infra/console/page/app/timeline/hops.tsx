import { legsOf, type Hop } from '../../../model/timeline.ts';

/** The way of a change as a bar: the share of each leg in the whole time. */
export function HopBar({ hops }: { readonly hops: readonly Hop[] }) {
  const { legs, total } = legsOf(hops);
  if (legs.length === 0) return <span class="hop-bar" />;
  const words = legs.map(({ stage, ms }) => `${stage} ${ms} ms`).join(', ');
  return (
    <span class="hop-bar" role="img" aria-label={`${total} ms: ${words}`} title={words}>
      {legs.map(({ stage, ms }) => (
        <span key={stage} class={`leg ${stage}`} style={{ flexGrow: Math.max(ms, total / 40) }} />
      ))}
    </span>
  );
}

/** The same in numbers. */
export function HopTable({ hops }: { readonly hops: readonly Hop[] }) {
  const [first] = hops;
  const { legs, total } = legsOf(hops);
  if (first === undefined) return null;
  return (
    <table class="hops">
      <caption class="visually-hidden">Hops</caption>
      <tbody>
        <tr>
          <th scope="row">
            <span class={`dot ${first.stage}`} />
            {first.stage}
          </th>
          <td class="mono">{new Date(first.at).toISOString().slice(11, 23)}</td>
        </tr>
        {legs.map(({ stage, ms }) => (
          <tr key={stage}>
            <th scope="row">
              <span class={`dot ${stage}`} />
              {stage}
            </th>
            <td class="mono">+{ms} ms</td>
          </tr>
        ))}
        <tr class="total">
          <th scope="row">in all</th>
          <td class="mono">{total} ms</td>
        </tr>
      </tbody>
    </table>
  );
}
