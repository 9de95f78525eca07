import { ApiObject } from 'cdk8s';
import { AppCheck } from '../app-check';
import { Refuse } from '../refuse';

/** Ports that a construct names of a Service. */
export interface NamedPorts {
  readonly refuse: Refuse;
  /** Where it names them, as in YAML. */
  readonly field: string;
  /** Undefined for a host that isn't in the app. */
  readonly service?: ApiObject;
  readonly ports: readonly number[];
}

/** Whether the Services of an app have the ports that are named of them, at synth. */
export const servicePorts = new AppCheck<NamedPorts>((members) => members.flatMap(({ refuse, field, service, ports }) => {
  if (!service || ports.length === 0) return [];
  const known: number[] = (service.toJson().spec?.ports ?? []).map(({ port }: { port: number }) => port);
  return [...new Set(ports)].filter((port) => !known.includes(port)).map((port) => refuse({
    code: 'MTLS036',
    field,
    actual: `for port ${port}`,
    expected: `a port of Service ${service.name}: ${known.join(', ') || 'it has none'}`,
    because: "Istio goes by the Service's port here, not the container's, and ignores an unknown one",
    fix: "give the Service's port number",
  }).message);
}));
