// Makes faults in what the compiled library says of CAs, one at a time, and sees whether random ones tell it from istiod and
// openssl; then has real istiods run with the other flag, which must show in what they make of changed roots.
import { CERTIFICATE_FAULTS } from './faults/certificates';
import { loadAnew } from './load-anew';
import { runningIstiods } from '../cas/cas';
import { differenceIn, judgedCas } from '../cas/random';
import { Openssl, opensslMissing } from '../node/openssl';
import type { Counted, PartOptions } from '../part';

/** Prints which CA shows each fault. */
export async function faultsAboutCas({ seed, count, print }: Required<PartOptions>): Promise<Counted> {
  const lacking = opensslMissing();
  if (lacking) {
    print(`no CA was judged: ${lacking}`);
    return { passed: 0, failed: 0 };
  }
  const openssl = new Openssl();
  try {
    const judged = judgedCas(seed, count, openssl);
    const showing = (): string | undefined => judged.find((one) => differenceIn(one) !== undefined)?.ca.name;
    loadAnew();
    const whole = showing();
    print(`what is said of CAs as it is: ${whole === undefined ? `none of ${judged.length} differs` : `'${whole}' differs, and none should`}`);
    let passed = Number(whole === undefined);
    for (const fault of CERTIFICATE_FAULTS) {
      loadAnew(fault);
      const name = showing();
      print(`${name === undefined ? 'MISSED' : `caught by the CA '${name}'`}: ${fault.name}`);
      passed += Number(name !== undefined);
    }
    loadAnew();
    const [problem] = (await runningIstiods(openssl, true)).problems;
    print(`${problem === undefined ? 'MISSED' : `caught by a running istiod (${problem})`}: ISTIO_MULTIROOT_MESH is turned round`);
    passed += Number(problem !== undefined);
    return { passed, failed: CERTIFICATE_FAULTS.length + 2 - passed };
  } finally {
    openssl.close();
  }
}
