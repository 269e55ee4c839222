import { place } from '../state/place.ts';
import { List } from './list.tsx';
import { WatchPage } from './page.tsx';

/** All watches, or one of them in full. */
export function Watches() {
  const { watch } = place.value.query;
  return watch === undefined ? <List /> : <WatchPage key={watch} id={watch} />;
}
