import { Objections } from '../objections';

/** Objects to what a VirtualService without hosts, which others delegate to, can't have. */
export function judgeDelegate(at: Objections, service: any): void {
  if (service.hosts?.length > 0) return;
  for (const field of ['gateways', 'tls', 'tcp']) {
    if (service[field]?.length > 0) objectToField(at.at(field), field);
  }
}

function objectToField(at: Objections, field: string): void {
  at.error({
    code: 'ADMIT431',
    actual: 'set in a VirtualService without hosts',
    expected: 'HTTP routes only',
    because: 'without hosts it is a delegate, which adds HTTP routes to another VirtualService',
    fix: `add hosts, or remove ${field}`,
  });
}
