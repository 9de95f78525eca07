import { ExternalPort, ExternalProtocol, refuseNoPorts } from './external-port';
import { isIstioDnsLabel } from '../../admission/webhook/values/hosts';
import { checkPortNumbers, checkWord, Refuse, valueWord } from '../refuse';

/** A port of a MachineService. */
export interface MachinePort {
  /**
   * Name of the port, unique in the MachineService. As in a Service, it begins with the protocol: `http`, `grpc-api`, `tcp-ledger`.
   */
  readonly name: string;

  /** The port that applications call, 1 to 65535. */
  readonly port: number;

  /**
   * The port on the machines, 1 to 65535.
   *
   * @default - `port`
   */
  readonly targetPort?: number;

  /**
   * The protocol that applications use on the port.
   *
   * @default - the one with which `name` begins; an error if it begins with none
   */
  readonly protocol?: ExternalProtocol;
}

/** The protocol with which the name of a port begins. */
export function protocolOfName(name: string): ExternalProtocol | undefined {
  const [first] = name.toUpperCase().split('-');
  return Object.values(ExternalProtocol).find((protocol) => protocol === first);
}

/** The ports as those of a host outside the mesh, with their protocols; rejects invalid ones. */
export function checkedMachinePorts(ports: readonly MachinePort[], refuse: Refuse): readonly ExternalPort[] {
  refuseNoPorts(ports, 'the machines', "{ name: 'http', port: 80 }", refuse);
  const words = { field: 'ports', entry: 'entry', owner: 'machine' };
  checkPortNumbers(ports.map(({ port }) => port), words, refuse);
  const names = new Set<string>();
  return ports.map(({ name, port, targetPort, protocol }) => {
    checkName(name, names, refuse);
    names.add(name);
    if (targetPort !== undefined) checkPortNumbers([targetPort], { ...words, field: 'ports.targetPort' }, refuse);
    return { name, port, targetPort, protocol: protocolOf(name, protocol, refuse) };
  });
}

/** The port without a name that is only its protocol: then its numbers say which protocol is inside TCP. */
export function withTellingName({ name, ...port }: ExternalPort): ExternalPort {
  return name?.toLowerCase() === port.protocol.toLowerCase() ? port : { name, ...port };
}

function checkName(name: unknown, known: ReadonlySet<string>, refuse: Refuse): void {
  const isLabel = typeof name === 'string' && isIstioDnsLabel(name);
  if (isLabel && !known.has(name)) return;
  throw refuse({
    code: 'API830',
    field: 'ports.name',
    actual: isLabel ? `'${name}' twice` : valueWord(name),
    expected: 'a name for each port: letters, digits and dashes',
    because: 'istiod rejects a ServiceEntry with other names',
    fix: isLabel ? 'rename one of the ports' : "name the port after its protocol, such as 'http' or 'tcp-ledger'",
  });
}

function protocolOf(name: string, protocol: ExternalProtocol | undefined, refuse: Refuse): ExternalProtocol {
  const found = protocol ?? protocolOfName(name);
  if (found !== undefined) {
    checkWord('ports.protocol', found, ExternalProtocol, refuse);
    return found;
  }
  throw refuse({
    code: 'API830',
    field: 'ports.name',
    actual: `'${name}', which begins with no protocol, and there is no 'protocol'`,
    expected: `a name that begins with ${Object.values(ExternalProtocol).map((one) => one.toLowerCase()).join(', ')}`,
    because: 'sidecars route each protocol differently',
    fix: "rename the port, or pass 'protocol', such as ExternalProtocol.TCP",
  });
}
