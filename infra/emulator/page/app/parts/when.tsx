/** An instant of the emulator's clock, to the second; the whole of it on hover. */
export function When({ ms }: { readonly ms: number }) {
  const date = new Date(ms);
  return (
    <time class="mono" dateTime={date.toISOString()} title={date.toISOString()}>
      {date.toLocaleTimeString('en-GB')}
    </time>
  );
}
