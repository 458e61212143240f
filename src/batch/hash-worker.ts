import { createHash } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { DONE, END, FORGET, HANDED, type HashRing, RING_BUFFERS, TURNS } from './hash-ring.ts';

/** Entry point of the thread that hashes what another one writes; it ends when it is stopped. */
const { buffers, control, digest } = workerData as HashRing;
let hash = createHash('sha256');
for (let turn = 0; ; turn++) {
  // A notice may come late, of a turn that was seen without it.
  while (Atomics.load(control, HANDED) === turn) Atomics.wait(control, HANDED, turn);
  const place = turn % RING_BUFFERS;
  const bytes = control[TURNS + place];
  if (bytes >= 0) hash.update(buffers[place].subarray(0, bytes));
  if (bytes === END) digest.set(hash.digest());
  if (bytes === END || bytes === FORGET) hash = createHash('sha256');
  Atomics.store(control, DONE, turn + 1);
  Atomics.notify(control, DONE);
}
