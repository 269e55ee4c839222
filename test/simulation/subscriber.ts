import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import type { Instance } from './processes.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** How a push delivery ends: with the function's answer, or with its process. */
export function createPush(
  time: Timeline,
  start: (subject: Subject) => {
    readonly instance: Instance;
    readonly made: (message: OutgoingMessage, publishedAt: number) => Promise<boolean>;
  },
  tell: (subject: Subject, text: string) => void,
) {
  return (subject: Subject, message: OutgoingMessage, publishedAt: number): Promise<boolean> => {
    const { instance, made } = start(subject);
    tell(subject, `${message.attributes['reason'] ?? ''} delivered to ${instance.name}`);
    return new Promise((resolve) => {
      const forget = instance.onDeath(() => {
        tell(subject, `${instance.name} has died`);
        // Mostly the connection breaks with it; else the time for the answer runs out.
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
