import { useNow } from '../parts/now.ts';
import { ageOf } from '../parts/times.ts';
import { watches } from '../state/stream.ts';

/** All watches, by id. */
export function Watches() {
  const now = useNow();
  const list = [...watches.value.values()].toSorted((a, b) => a.id.localeCompare(b.id));
  return (
    <table class="watches">
      <thead>
        <tr>
          <th scope="col">Watch</th>
          <th scope="col">State</th>
          <th scope="col">Last sync</th>
          <th scope="col">Sequence</th>
        </tr>
      </thead>
      <tbody>
        {list.map((view) => (
          <tr key={view.id}>
            <th scope="row" class="mono">
              {view.id}
            </th>
            <td class={`state ${view.state}`}>{view.state}</td>
            <td>{view.completedAt === null ? 'never' : ageOf(view.completedAt, now)}</td>
            <td class="mono">{view.sequence}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
