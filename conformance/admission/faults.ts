// Sees that the suite catches mistakes: each fault is made in the compiled library, which is then held against the cluster's
// verdicts on the same objects.
import type { ClusterVerdict } from './cluster';
import { difference } from './compare';
import { loadedAdmission, refusalsOf, type Admit } from './library';
import type { WebhookFields } from './webhook-fields';
import { ADMISSION_FAULTS } from '../self-test/faults/admission';
import { loadAnew } from '../self-test/load-anew';

/** Objects with the cluster's verdicts. */
export type Judged = readonly (readonly [object: unknown, verdict: ClusterVerdict])[];

/**
 * How many of the objects show each fault. Has the library loaded anew; at the end without a fault.
 * @param enough to stop counting at
 */
export async function caughtFaults(judged: Judged, webhookFields: WebhookFields, enough = 5): Promise<Record<string, number>> {
  const caught: Record<string, number> = {};
  loadAnew();
  const sound = judged.map(([object]) => saidBy(loadedAdmission(), object));
  try {
    for (const fault of ADMISSION_FAULTS) {
      loadAnew(fault);
      caught[fault.name] = await countCaught(loadedAdmission(), sound, judged, webhookFields, enough);
    }
  } finally {
    loadAnew();
  }
  return caught;
}

async function countCaught(faulty: Admit, sound: readonly string[], judged: Judged, webhookFields: WebhookFields, enough: number): Promise<number> {
  let caught = 0;
  for (const [index, [object, verdict]] of judged.entries()) {
    const said = saidBy(faulty, object);
    if (said !== sound[index] && (said === CRASHED || await difference(faulty, object, verdict, webhookFields))) caught += 1;
    if (caught >= enough) break;
  }
  return caught;
}

const CRASHED = 'crashed';

function saidBy(admit: Admit, object: unknown): string {
  try {
    return JSON.stringify(refusalsOf(admit, object));
  } catch {
    return CRASHED;
  }
}
