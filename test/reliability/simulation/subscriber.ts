import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { Instance } from './processes.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Creates push deliveries, which end with the function's answer, or with its instance. */
export function createPush(
  time: Timeline,
  start: (subject: Subject) => {
    readonly instance: Instance;
    readonly made: (message: OutgoingMessage, publishedAt: number) => Promise<boolean>;
  },
  trace: (subject: Subject, text: string) => void,
) {
  return (subject: Subject, message: OutgoingMessage, publishedAt: number): Promise<boolean> => {
    const { instance, made } = start(subject);
    trace(subject, `${message.attributes['reason'] ?? ''} delivered to ${instance.name}`);
    return new Promise((resolve) => {
      const forget = instance.onDeath(() => {
        trace(subject, `${instance.name} has died`);
        // Mostly the connection breaks when the instance dies; otherwise the deadline passes.
        if (subject.dice('pubsub')() < 0.8) time.resume(50, () => resolve(false));
      });
      const answer = async (): Promise<void> => {
        const success = await made(message, publishedAt);
        forget();
        resolve(success);
      };
      void answer();
    });
  };
}
