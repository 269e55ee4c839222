/**
 * Yields the same pages, and reads the next one while the consumer handles one. Reads at most one page ahead.
 * @throws what `pages` throws, when the consumer asks for the page that failed
 */
export async function* readAhead<T>(pages: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let reading = pages.next();
  try {
    for (;;) {
      const { done, value } = await reading;
      if (done === true) return;
      reading = pages.next();
      // If the consumer stops, nothing awaits this promise: swallow its rejection.
      reading.catch(() => {});
      yield value;
    }
  } finally {
    // Not awaited: a pending page must not delay the error that ended the loop.
    pages.return().catch(() => {});
  }
}
