import { NEWEST_MINOR } from './crds';
import { isBefore, ISTIO_MINOR, minorOf } from '../manifests/istio-minor';

/** The Istio release that an object is for. */
export interface Release {
  readonly minor: string;
  /** Whether all its fields are known: its version is stated, and not later than the newest known minor. */
  readonly isKnown: boolean;
}

/** The release of a stated version; without one, the modelled minor, though another may run. */
export function releaseOf(version: string | undefined): Release {
  const minor = version === undefined ? undefined : minorOf(version);
  return minor === undefined ? MODELLED : { minor, isKnown: !isBefore(NEWEST_MINOR, minor) };
}

export const MODELLED: Release = Object.freeze({ minor: ISTIO_MINOR, isKnown: false });
