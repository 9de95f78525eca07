// Makes faults in the stages from one CA to another, and sees whether calls break when these are carried out on sidecars that run.
import { ROTATION_FAULTS } from './faults/rotation';
import { loadAnew } from './load-anew';
import { missing } from '../data-plane/ability';
import { MeshRunner } from '../data-plane/runner';
import { Random } from '../generators/yaml/random';
import { Openssl, opensslMissing } from '../node/openssl';
import type { Counted, PartOptions } from '../part';
import { Issuer } from '../rotations/issuing';
import { NAMESPACE, rotate, type Rotated, WORKLOADS } from '../rotations/rotated';
import { RotatingCas } from '../rotations/rotating-cas';

/** Prints what shows each fault; the rotations go one way only. */
export async function faultsInRotations({ seed, print }: Pick<PartOptions, 'seed' | 'print'>): Promise<Counted> {
  const lacking = missing() ?? opensslMissing();
  if (lacking) {
    print(`no CA was rotated: ${lacking}`);
    return { passed: 0, failed: 0 };
  }
  const openssl = new Openssl();
  const runner = new MeshRunner();
  try {
    const issuer = await Issuer.start(openssl, NAMESPACE, WORKLOADS);
    try {
      const cas = new RotatingCas();
      const rotated = async (): Promise<Rotated> => rotate(runner, await issuer.issued(cas, 'another root'), new Random(seed), { phases: ['forth'] });
      loadAnew();
      const { problems } = await rotated();
      print(`rotations as they are: ${problems.length === 0 ? 'no call breaks' : `${problems[0]}, and nothing should`}`);
      let passed = Number(problems.length === 0);
      for (const fault of ROTATION_FAULTS) {
        loadAnew(fault);
        const { run: { inStages } } = await rotated();
        print(`${inStages.failed === 0 ? 'MISSED' : `caught by ${inStages.failed} of ${inStages.calls} calls`}: ${fault.name}`);
        passed += Number(inStages.failed > 0);
      }
      return { passed, failed: ROTATION_FAULTS.length + 1 - passed };
    } finally {
      await issuer.stop();
    }
  } finally {
    runner.close();
    openssl.close();
  }
}
