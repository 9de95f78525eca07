import { calendarDateOf } from '../../src/findings/acknowledgement';
import { expectationText } from '../../src/expectations/expectation';
import { readExpectations } from '../../src/expectations/expectations-file';
import { Judge } from '../../src/expectations/judge';
import { failureText, verdictOf, witnessText } from '../../src/expectations/wording';
import { deployment, destinationRule, mesh, mode, injected, peerAuthentication, service, tls } from '../support/mesh';

test('x', () => {
  const m = mesh([injected('shop'), deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080]), peerAuthentication('shop/default', mode('STRICT')), destinationRule('shop/r', { host: 'ratings', ...tls('DISABLE') })]);
  const file = readExpectations(`tests:
- { from: shop/web, to: shop/ratings:9080, is: mtls }
- { to: "shop/*", never: plaintext }
- { to: "shop/*", never: broken }
- { server: "shop/*", accepts: STRICT }
- { server: "shop/*", accepts: PERMISSIVE }
- { from: shop/wep, to: shop/ratings:9080, is: mtls }
- { to: ratings, is: mtls }
- { to: "*", atLeast: mtls, except: [{from: shop/web, reason: x, until: 2026-01-01}, {from: shop/ratings, reason: x}]}
- { to: "*", atLeast: mtls, except: [{from: shop/web, reason: x}, {to: shop/ratings, reason: x}]}
`, 'x.yaml');
  const judge = new Judge(m, calendarDateOf(new Date()));
  for (const e of file.expectations) {
    const v = judge.verdict(e);
    console.log(expectationText(e), v.count, v.excepted, JSON.stringify(v.counts), v.failures.map((f) => [failureText(f, v), ...'witness' in f ? [witnessText(f.witness), verdictOf(f.witness)] : []]));
  }
});
