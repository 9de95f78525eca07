/** The modelled minor version of Istio; the conformance suite runs its istiod. */
export const ISTIO_MINOR = '1.31';

/** The minor of a version, such as `1.31` for `v1.31.4`; undefined if it isn't a version. */
export function minorOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)(?:[.-].*)?$/.exec(version)?.[1];
}

export function isBefore(minor: string, other: string): boolean {
  const [[major, rest], [otherMajor, otherRest]] = [minor, other].map((version) => version.split('.').map(Number));
  return major < otherMajor || (major === otherMajor && rest < otherRest);
}
