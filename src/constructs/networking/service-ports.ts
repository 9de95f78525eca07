import { ApiObject } from 'cdk8s';
import { isServiceEntry } from './destination-host';
import { analysisModules } from '../../integration/app-mesh';
import { integer, mapping, mappings, text } from '../../manifests/mapping';

/** A port of a Service or ServiceEntry, as istiod reads it. */
interface ReadPort {
  readonly number: number;
  /** Undefined if it has none. */
  readonly name?: string;
  /** The port that it leads to, if that is a number. */
  readonly target?: number;
  /** Its number, with what decides its protocol. */
  readonly shown: string;
  /** Whether it has HTTP, always or if detected. */
  readonly isHttp: boolean;
  /** Whether it has TCP without TLS, always or if no HTTP is detected. */
  readonly isTcp: boolean;
}

/** The ports of a Service or ServiceEntry, as they are now. */
export function readPortsOf(service: ApiObject): ReadPort[] {
  const { isHttpOrSniffed, protocolNamed, protocolOfPort } = analysisModules();
  const isEntry = isServiceEntry(service);
  return mappings(mapping(service.toJson().spec).ports).map(({ protocol, appProtocol, targetPort, ...port }) => {
    const [number, name] = [Number(isEntry ? port.number : port.port), text(port.name)];
    const read = isEntry ? protocolNamed(text(protocol) ?? '')
      : protocolOfPort({ number, name: name ?? '', transport: text(protocol) ?? 'TCP', appProtocol: text(appProtocol) });
    const why = isEntry ? text(protocol) : text(appProtocol) ?? name ?? text(protocol);
    return {
      number,
      name,
      target: integer(targetPort),
      shown: why === undefined ? String(number) : `${number} (${why})`,
      isHttp: isHttpOrSniffed(read),
      isTcp: read !== 'HTTP' && read !== 'TLS' && read !== 'UDP',
    };
  });
}
