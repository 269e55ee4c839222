import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../../../../emulator/protocol/message.ts';
import { connection } from '../state/stream.ts';
import { read } from './api.ts';

interface Loaded<T> {
  /** The latest answer; it stays while the next is awaited, and when that fails. */
  readonly value: T | undefined;
  readonly problem: string | undefined;
  readonly loading: boolean;
}

/**
 * Reads a route when the view is opened, and again on request.
 * @param version read again when it changes
 */
export function useLoaded<T>(
  path: string,
  isIt: (value: unknown) => value is T,
  version?: unknown,
): Loaded<T> & { readonly reload: () => Promise<void> } {
  const [state, setState] = useState<Loaded<T>>({ value: undefined, problem: undefined, loading: true });
  const latest = useRef(0);
  const reload = async (): Promise<void> => {
    const mine = (latest.current += 1);
    setState((was) => ({ ...was, loading: true }));
    try {
      const value = await read(path, isIt);
      if (mine === latest.current) setState({ value, problem: undefined, loading: false });
    } catch (error) {
      const problem = messageOf(error);
      if (mine === latest.current) setState(({ value }) => ({ value, problem, loading: false }));
    }
  };
  const isLost = state.problem !== undefined && connection.value === 'live';
  useEffect(() => {
    // What failed while the console was away is read again when it is back.
    if (isLost) void reload();
  }, [connection.value]);
  useEffect(() => {
    void reload();
    return () => {
      latest.current += 1;
    };
  }, [path, version]);
  return { ...state, reload };
}
