import { count } from '../../../model/count.ts';
import type { SubscriptionList, SubscriptionView } from '../../../model/subscription.ts';
import { Fact } from '../../../../emulator/page/app/parts/fact.tsx';
import { has } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { spanOf } from '../parts/times.ts';

/** The subscriptions of the feed: how each receives messages, and how far behind it is. */
export function Subscriptions() {
  const { value, problem, loading, reload } = useLoaded(
    '/api/subscriptions',
    has<SubscriptionList>('subscriptions'),
  );
  const list = value?.subscriptions ?? [];
  return (
    <div class="subscriptions">
      <h1 class="visually-hidden">Subscriptions</h1>
      <div class="row">
        <p role="status">{loading ? 'Reading …' : countOf(value)}</p>
        <button type="button" disabled={loading} onClick={() => void reload()}>
          Refresh
        </button>
      </div>
      {problem !== undefined && <p class="error">{problem}</p>}
      {value?.notKnown && (
        <p class="muted">
          Backlogs are not known here: {value.notKnown.because}.{' '}
          {value.notKnown.fix !== null && <Copyable text={value.notKnown.fix} />}
        </p>
      )}
      {value !== undefined && list.length === 0 && (
        <p class="muted empty">None: no service of this project receives the changes.</p>
      )}
      <ul class="cards">
        {list.map((each) => (
          <li key={each.name}>
            <Card subscription={each} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function countOf(list: SubscriptionList | undefined): string {
  if (list === undefined) return '';
  const { length } = list.subscriptions;
  const warned = list.subscriptions.filter(({ warnings }) => warnings.length > 0).length;
  return `${count(length, 'subscription')}, ${warned === 0 ? 'no warnings' : `${warned} with warnings`}`;
}

function Card({ subscription }: { readonly subscription: SubscriptionView }) {
  const { name, topic, push, filter, isOrdered, retentionSeconds, isTemporary, warnings } = subscription;
  const { backlog, oldestSeconds, deadLetterTopic, attempts } = subscription;
  return (
    <article class="card" aria-label={name}>
      <header class="row">
        <h2 class="mono">{name}</h2>
        <span class="badge">{topic}</span>
        {isTemporary && <span class="badge">temporary</span>}
        {warnings.length > 0 && (
          <span class="badge warn">
            {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
          </span>
        )}
      </header>
      <dl class="facts">
        <Fact name="Backlog">{backlog === null ? 'not known here' : `${backlog} messages`}</Fact>
        <Fact name="Oldest message">
          {oldestSeconds === null ? 'not known here' : oldestText(oldestSeconds)}
        </Fact>
        <Fact name="Delivery">{push === null ? 'pull' : `push to ${push}`}</Fact>
        <Fact name="Filter">{filter ?? 'none: every message'}</Fact>
        <Fact name="Ordering">{isOrdered ? 'in order per item' : 'none'}</Fact>
        <Fact name="Messages are kept">
          {retentionSeconds === null ? 'not known here' : spanOf(retentionSeconds * 1000)}
        </Fact>
        <Fact name="Dead letters">
          {deadLetterTopic === null ? 'none' : `${deadLetterTopic} after ${attempts ?? 5} attempts`}
        </Fact>
      </dl>
      {warnings.length > 0 && (
        <ul class="warnings">
          {warnings.map(({ says, fix }) => (
            <li key={says}>
              {name} {says}.<br />
              {fix.startsWith('gcloud ') ? (
                <Copyable text={fix} />
              ) : (
                <span class="muted">To fix it, {fix}.</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

const oldestText = (seconds: number): string =>
  seconds === 0 ? 'none waits' : `waits for ${spanOf(seconds * 1000)}`;
