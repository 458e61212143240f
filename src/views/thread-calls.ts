import { type MessagePort, Worker, type Transferable } from 'node:worker_threads';

/** Functions that live in a worker thread, by name; each takes one argument that can be cloned. */
export type Calls = Record<string, (argument: never) => unknown>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: Failure;
}

/** What is told of an error across threads: never its message where that might quote a value of a file. */
export interface Failure {
  readonly name: string;
  readonly code?: string | undefined;
  readonly text: string;
}

/** An error that happened in the thread. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  constructor(readonly failure: Failure) {
    super(failure.text);
  }
}

/** Answers calls in the thread, one after another. */
export function serve<T extends Calls>(port: MessagePort, calls: T, failureOf: (error: unknown) => Failure): void {
  port.on('message', async ({ id, name, argument }: Call) => {
    try {
      const value = await (calls[name] as (argument: unknown) => unknown)(argument);
      port.postMessage({ id, value } satisfies Answer, transfersOf(value));
    } catch (error) {
      port.postMessage({ id, failure: failureOf(error) } satisfies Answer);
    }
  });
}

/** Bytes that a result owns and hands over instead of copying. */
function transfersOf(value: unknown): Transferable[] {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return [];
  const { bytes } = value;
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];
}

/** Calls into a thread that starts with the first call and ends when it has been idle for a while. */
export class Thread<T extends Calls> {
  private worker: Worker | undefined;
  private serial = 0;
  private readonly waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();

  constructor(private readonly script: string, private readonly onEnd: () => void = () => {}) {}

  call<K extends keyof T & string>(name: K, argument: Parameters<T[K]>[0]): Promise<Awaited<ReturnType<T[K]>>> {
    const worker = this.worker ?? this.start();
    const id = this.serial++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, argument } satisfies Call);
    });
  }

  /** Ends the thread; calls that wait are refused. */
  stop(): void {
    const { worker } = this;
    this.worker = undefined;
    void worker?.terminate();
    this.refuseAll('ended', 'the thread was ended');
  }

  private start(): Worker {
    // Buffers of large files count towards the thread's memory and not the heap; the heap is for rows.
    const worker = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    worker.unref();
    worker.on('message', ({ id, value, failure }: Answer) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (failure === undefined) waiting?.resolve(value as never);
      else waiting?.reject(new ThreadError(failure));
    });
    const end = (code: string) => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.refuseAll(code, 'the thread ended');
      this.onEnd();
    };
    worker.on('error', (error) => end('code' in error ? String(error.code) : error.name));
    worker.on('exit', () => end('exit'));
    this.worker = worker;
    return worker;
  }

  private refuseAll(code: string, text: string): void {
    for (const { reject } of this.waiting.values()) reject(new ThreadError({ name: 'ThreadError', code, text }));
    this.waiting.clear();
  }
}
