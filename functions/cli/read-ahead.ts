/**
 * Yields what `pages` yields, in the same order, and reads the next one while whoever takes them is busy with one. No more than
 * one is read ahead.
 * @throws what `pages` throws, when the page that could not be read is asked for.
 */
export async function* readAhead<T>(pages: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let reading = pages.next();
  try {
    for (;;) {
      const { done, value } = await reading;
      if (done === true) return;
      reading = pages.next();
      // Whoever fails with this page never asks for the next: its failure would be nobody's.
      reading.catch(() => {});
      yield value;
    }
  } finally {
    // Not waited for: a page that does not come would hold up the news of what failed.
    pages.return().catch(() => {});
  }
}
