/** An event of a stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface ServerSentEvent {
  readonly id: string;
  readonly data: string;
}

/** Reads the events of an answer as they arrive. Comments, and blocks without data, are left out. */
export async function* eventsIn(answer: Response): AsyncGenerator<ServerSentEvent> {
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield { id: /^id: (.*)$/m.exec(block)?.[1] ?? '', data };
    }
  }
}
