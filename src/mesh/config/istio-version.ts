/** The minor version of Istio whose decisions are modelled; that of the conformance suite's istiod. */
export const ISTIO_MINOR = '1.31';

/** The minor that a version belongs to, such as `1.31` of `v1.31.4`; undefined for what is no version. */
export function minorOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)(?:[.-].*)?$/.exec(version)?.[1];
}

export function isBefore(minor: string, other: string): boolean {
  const [[major, rest], [otherMajor, otherRest]] = [minor, other].map((text) => text.split('.').map(Number));
  return major < otherMajor || (major === otherMajor && rest < otherRest);
}
