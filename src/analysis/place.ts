import { Found } from './mesh-finding';
import { FieldPath } from '../findings/field-path';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** Where something is decided, and what should be there. */
export type Place = Pick<Found, 'object' | 'field' | 'severity' | 'actual' | 'expected' | 'fix' | 'remedies'>;

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
