// Declared calls: many workloads that declare some, many entries of one, and their changes.
import { deployment, documents, namespace, object, service, SHOP, times } from '../objects.mjs';

const CALLS = 'calls.istio-mtls/to';
const [DIFF, PLAN] = [['diff', '--fail-on', 'never'], ['plan']];

const declaring = (name, entries) => deployment(name, {}, { annotations: { [CALLS]: entries.join(', ') } });
const services = (n) => times(n, (index) => service(`s${index}`));
const serviceEntry = (name, hosts) => object('ServiceEntry', name, { hosts, ports: [{ name: 'http', number: 80, protocol: 'HTTP' }], resolution: 'NONE' });

/** Services, with servers that each call the one `step` further on. */
const ring = (step, named = (index) => `shop/s${index}`) => (n) => documents(namespace(), services(n), times(n, (index) => (
  declaring(`s${index}`, [named((index + step) % n)]))));

/** A client's entries, one after another. */
const ofOne = (entriesOf, others = () => []) => (n) => documents(SHOP, others(n), declaring('caller', entriesOf(n)));
const all = (n) => times(n, (index) => `shop/s${index}:80`);
const some = (n) => all(n).slice(0, Math.ceil(n / 2));

/** A mode that breaks calls, for a change that must be judged. */
const plaintext = (make) => (n) => documents(make(n), object('DestinationRule', 'plaintext', { host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } }));

export const DECLARATIONS = [
  { name: 'workloads that declare a call each', make: ring(1) },
  { name: 'workloads that declare a call each, by the names of DNS', make: ring(1, (index) => `s${index}.shop.svc:80`) },
  { name: 'workloads that declare the same call', make: (n) => documents(SHOP, times(n, (index) => declaring(`w${index}`, ['shop/web']))) },
  { name: 'workloads that declare no call', make: (n) => documents(SHOP, times(n, (index) => declaring(`w${index}`, []))) },
  { name: 'workloads whose declaration is a mistake', make: (n) => documents(SHOP, times(n, (index) => declaring(`w${index}`, [`shop/none${index}`]))) },
  { name: 'entries of one declaration, and Services', make: ofOne(all, services) },
  { name: 'entries of one declaration, all of one Service', make: ofOne((n) => times(n, () => 'shop/web:80')) },
  { name: 'entries of one declaration that are no names', make: ofOne((n) => times(n, (index) => `-${index}`)) },
  { name: 'entries of one declaration that name no Service', make: ofOne((n) => times(n, (index) => `shop/none${index}`)) },
  { name: 'entries of one declaration, and hosts of ServiceEntries', make: ofOne((n) => times(n, (index) => `h${index}.example.com:80`), (n) => (
    times(n, (index) => serviceEntry(`e${index}`, [`h${index}.example.com`])))) },
  { name: 'entries of one declaration, and wildcards of ServiceEntries', make: ofOne((n) => times(n, (index) => `a.h${index}.example.com:80`), (n) => (
    times(n, (index) => serviceEntry(`e${index}`, [`*.h${index}.example.com`])))) },
  { name: 'workloads that declare a host, and wildcards of ServiceEntries', make: (n) => documents(SHOP, times(n, (index) => [
    serviceEntry(`e${index}`, [`*.h${index}.example.com`]), declaring(`w${index}`, [`a.h${index}.example.com`])])) },
  ...[['diff', DIFF], ['plan', PLAN]].flatMap(([verb, args]) => [
    { name: `${verb}, workloads whose declared calls change`, args, before: ring(1), make: plaintext(ring(2)) },
    { name: `${verb}, workloads that declare calls only before`, args, before: ring(1), make: plaintext((n) => documents(namespace(), services(n), times(n, (index) => deployment(`s${index}`)))) },
    { name: `${verb}, entries that leave a declaration`, args, before: ofOne(all, services), make: plaintext(ofOne(some, services)) },
  ]),
];
