import { MESH_GATEWAY, RoutedCall } from './route';
import { selects } from '../names/selector';
import { integer, labelsOf, Shape, text, texts } from '../objects/shape';

/** Whether a condition that the client itself must meet holds: its gateway, labels, namespace and the port called. */
export function concernsClient(match: Shape, { client, port }: RoutedCall): boolean {
  const gateways = texts(match.gateways);
  const number = integer(match.port) ?? 0;
  return (gateways.length === 0 || gateways.includes(MESH_GATEWAY))
    && selects(labelsOf(match.sourceLabels), client.labels)
    && (number === 0 || number === port)
    && (text(match.sourceNamespace) ?? client.namespace) === client.namespace;
}
