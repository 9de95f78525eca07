import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgePort } from '../values/port';
import { judgePortName } from '../values/port-name';

/** Objects to ports whose names or numbers don't hold, or which the ServiceEntry doesn't have. */
export function judgeEndpointPorts(at: Objections, ports: { readonly [name: string]: number } | undefined, servicePorts?: ReadonlySet<string>): void {
  for (const [name, port] of Object.entries(ports ?? {})) {
    const place = at.at(name);
    if (servicePorts && !servicePorts.has(name)) objectToUnknownPort(place, name, servicePorts);
    judgePortName(place, name);
    judgePort(place, port);
  }
}

function objectToUnknownPort(at: Objections, name: string, servicePorts: ReadonlySet<string>): void {
  at.error({
    code: 'ADMIT447',
    actual: `the port ${shown(name)}`,
    expected: servicePorts.size > 0 ? `the name of a port in spec.ports: ${[...servicePorts].join(', ')}` : 'ports in spec.ports',
    because: 'no request is sent to a port that the service doesn\'t have',
    fix: 'use the name that the port has in spec.ports, or add the port there',
  });
}
