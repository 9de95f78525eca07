import { FieldPath } from '../findings/field-path';
import { Finding, Severity } from '../findings/finding';
import { ObjectChange } from '../findings/object-change';
import { MeshObject } from '../mesh/objects/mesh-object';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** Where something is decided, and what should be there. */
export interface Place extends Pick<Finding, 'field' | 'actual' | 'expected' | 'fix'> {
  readonly object: MeshObject;
  /** Changes that may mend it, the best first: the first that does when it is tried is told instead of `fix`. */
  readonly remedies?: readonly ObjectChange[];
  /** Where it isn't the rule's. */
  readonly severity?: Severity;
}

/** Places by what they are of, so that the same place is the same object each time: calls are grouped by it. */
export class Places<P = Place> {
  private readonly known = new Map<object, Map<string, P>>();

  /** @param make called if the place isn't known yet */
  of(object: object, detail: string, make: () => P): P {
    let places = this.known.get(object);
    if (!places) this.known.set(object, places = new Map());
    let place = places.get(detail);
    if (!place) places.set(detail, place = make());
    return place;
  }
}

/** Where a field of a workload's pods is written. */
export function podPlace({ podSource }: Workload, ...field: FieldPath): PodSource {
  return { ...podSource, field: [...podSource.field, ...field] };
}
