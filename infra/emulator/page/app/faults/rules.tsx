import { useState } from 'preact/hooks';
import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';
import { describeRule, describeTiming } from '../state/faults.ts';
import { faults } from './data.ts';
import type { ActiveFault } from '../../../faults/faults.ts';

/** The active rules, and a form for one of one's own. */
export function Rules() {
  const list = faults.data.value ?? [];
  return (
    <section class="stack" aria-labelledby="rules-heading">
      <div class="row">
        <h2 id="rules-heading">Active rules</h2>
        <span class="muted">{list.length}</span>
        {list.length > 0 && (
          <span class="row end">
            <button
              type="button"
              onClick={() => void attempt(() => control('DELETE', 'faults'), 'All rules removed')}
            >
              Remove all
            </button>
          </span>
        )}
      </div>
      {list.length === 0 ? (
        <p class="notice">None: every request and every notification goes through.</p>
      ) : (
        <ul class="list">
          {list.map((fault) => (
            <Rule key={fault.id} fault={fault} />
          ))}
        </ul>
      )}
      <details>
        <summary>Write a rule</summary>
        <RuleForm />
      </details>
    </section>
  );
}

function Rule({ fault: { id, rule, matched, acted } }: { readonly fault: ActiveFault }) {
  const spent = rule.times !== undefined && acted >= rule.times;
  const path = `faults?${new URLSearchParams({ id }).toString()}`;
  return (
    <li class={spent ? 'spent' : ''}>
      <div class="grow">
        <p>{describeRule(rule)}</p>
        <p class="muted">
          {describeTiming(rule)} · matched {matched} · acted {acted}
          {spent ? ' · used up' : ''}
        </p>
      </div>
      <button
        type="button"
        aria-label={`Remove ${id}`}
        onClick={() => void attempt(() => control('DELETE', path), 'Rule removed')}
      >
        Remove
      </button>
    </li>
  );
}

const EXAMPLE = `{
  "on": "request",
  "match": { "method": "calendar.*.watch" },
  "probability": 0.5,
  "effect": { "do": "hangUp", "when": "after" }
}`;

function RuleForm() {
  const [text, setText] = useState(EXAMPLE);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => control('POST', 'faults', JSON.parse(text)), 'Rule added');
      }}
    >
      <label class="field">
        <span>A rule, or a list of rules, as JSON</span>
        <textarea
          class="mono"
          rows={6}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <div class="row end">
        <button type="submit" class="primary">
          Add rule
        </button>
      </div>
    </form>
  );
}
