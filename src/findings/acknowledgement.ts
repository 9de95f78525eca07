/** Somebody knows of a finding, and says why it stays. */
export interface Acknowledgement {
  /** Of findings with this code. */
  readonly code: string;
  /** Of this object only; what isn't said may be anything. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly reason: string;
}

/** The annotation by which an object acknowledges its findings, before the code: its value is the reason. */
export const ACKNOWLEDGE_PREFIX = 'acknowledge.istio-mtls/';

/** Whether an acknowledgement speaks of findings with a code of an object. */
export function speaksOf(acknowledgement: Acknowledgement, code: string, object: Pick<Required<Acknowledgement>, 'kind' | 'namespace' | 'name'>): boolean {
  const { kind = object.kind, namespace = object.namespace, name = object.name } = acknowledgement;
  return acknowledgement.code === code && kind === object.kind && namespace === object.namespace && name === object.name;
}

/** `MTLS101 DestinationRule shop/ratings`, as far as it says. */
export function acknowledgementText({ code, kind, namespace, name }: Acknowledgement): string {
  const path = [namespace, name].filter((part) => part !== undefined).join('/');
  return [code, kind, path].filter(Boolean).join(' ');
}
