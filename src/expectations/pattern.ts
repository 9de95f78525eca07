import { TextRule } from '../configuration/settings-file';
import { ObjectName } from '../mesh/inventory/object';
import { Call } from '../mesh/model/call';

/** Workloads by name, with a port for servers. */
export interface WorkloadPattern {
  /** As written. */
  readonly text: string;
  /** Whether it names one workload, without its kind. */
  readonly isName: boolean;
  readonly port?: number;
  matches(workload: ObjectName): boolean;
}

/** What clients call: a host, or a Service or ServiceEntry by name, with or without a port. */
export interface CallPattern {
  readonly text: string;
  readonly port?: number;
  matches(call: Call): boolean;
  /** Whether it is for the host of a call, whatever the port. */
  isOf(called: Pick<Call, 'host' | 'services'>): boolean;
}

const PORT = '(?::\\d{1,5})?';
const WORKLOAD = '(?:\\*|(?:(?:[A-Za-z*][A-Za-z0-9*]*/)?[^\\s/:]+/)?[^\\s/:]+)';

/** The syntax of `from`. */
export const FROM: TextRule = {
  expected: 'a workload such as shop/web, CronJob/shop/backup or shop/*, or * for all',
  fix: 'write namespace/name',
  holds: (text) => new RegExp(`^${WORKLOAD}$`).test(text),
};

/** The syntax of `server`. */
export const SERVER: TextRule = {
  expected: 'a workload such as shop/web, StatefulSet/shop/db:5432 or shop/*, or * for all',
  fix: 'write namespace/name, optionally followed by a colon and the container\'s port',
  holds: (text) => new RegExp(`^${WORKLOAD}${PORT}$`).test(text) && isPort(text),
};

/** The syntax of `to`. */
export const TO: TextRule = {
  expected: 'a service such as shop/ratings:9080 or shop/*, a host such as api.example.com:443, or * for all',
  fix: 'write namespace/name or a host, optionally followed by a colon and the service\'s port',
  holds: (text) => new RegExp(`^(?:[^\\s/:]+/)?[^\\s/:]+${PORT}$`).test(text) && isPort(text),
};

function isPort(text: string): boolean {
  const { port } = partsOf(text);
  return port === undefined || (port >= 1 && port <= 65535);
}

/** @param text that satisfies the rule of its field */
export function workloadPattern(text: string): WorkloadPattern {
  const { place, port } = partsOf(text);
  if (place === '*') return { text, isName: false, port, matches: () => true };
  const [name, namespace = '', kind] = place.split('/').reverse();
  const [isKind, isNamespace, isName] = [kind === undefined ? anything : glob(kind.toLowerCase()), glob(namespace), glob(name)];
  return {
    text,
    isName: kind === undefined && namespace !== '' && !place.includes('*'),
    port,
    matches: (workload) => isNamespace(workload.namespace) && isName(workload.name) && isKind(workload.kind.toLowerCase()),
  };
}

/** @param text that satisfies the rule of its field */
export function callPattern(text: string): CallPattern {
  const { place, port } = partsOf(text);
  const [name, namespace] = place.split('/').reverse().map(glob);
  const isNamed = ({ host, services }: Pick<Call, 'host' | 'services'>): boolean =>
    (namespace ? services.some((service) => namespace(service.namespace) && name(service.name)) : name(host));
  return { text, port, isOf: isNamed, matches: (call) => (port === undefined || call.port === port) && isNamed(call) };
}

function partsOf(text: string): { readonly place: string; readonly port?: number } {
  const [, place, port] = /^(.*?)(?::(\d+))?$/s.exec(text)!;
  return { place, port: port === undefined ? undefined : Number(port) };
}

const anything = (): boolean => true;

/** A text in which `*` stands for any characters. */
function glob(pattern: string): (text: string) => boolean {
  const [first, ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of others) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= text.length - last.length;
  };
}
