import { ItemPage } from '../item/view.tsx';
import { place } from '../state/place.ts';
import { List } from './list.tsx';
import { WatchPage } from './page.tsx';

/** All watches, one of them in full, or one of its items. */
export function Watches() {
  const { watch, item } = place.value.query;
  if (watch !== undefined && item !== undefined) return <ItemPage key={item} watch={watch} item={item} />;
  return watch === undefined ? <List /> : <WatchPage key={watch} id={watch} />;
}
