import { conditionText } from '../../findings/condition';
import { redacted } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { transportOf } from '../../mesh/model/path';
import { ChangePlan } from '../../mesh/plan/stages';
import { AutoMtlsLeftOff } from '../../migration/auto-mtls';
import { Migration } from '../../migration/migration';
import { Note } from '../input/raw-sources';

/** What to do if the mesh config prevents a plan: then no order of the other objects is safe. */
export function notesOnMeshConfig({ before, after, stages }: ChangePlan): readonly Note[] {
  const [former, latter] = [before, after].map(({ planes }) => planes.default.config);
  if (stages || former.trustDomain === latter.trustDomain) return [];
  const [from, to] = [former.trustDomain, latter.trustDomain];
  return [noteOf(
    `the trust domain changes from ${from} to ${to}, and clients reject servers of an unknown trust domain: use three plans, `
    + `first to trustDomainAliases with ${to}, then to trustDomain ${to} with ${from} among its aliases, and finally to NEW`,
  )];
}

/** Notes on auto mTLS, if clients would need it. */
export function notesOnAutoMtls({ autoMtls }: Migration): readonly Note[] {
  if (!autoMtls) return [];
  const then = autoMtls.isTurnedOn
    ? 'the plan turns it on. Also turn it on in the source of the mesh config, or the next Istio upgrade turns it off again'
    : `the plan adds such rules where they break nothing, because ${whyNot(autoMtls)}`;
  return [noteOf(`auto mTLS is off, so clients with a sidecar send plaintext unless a DestinationRule sets ISTIO_MUTUAL; ${then}`)];
}

function whyNot({ because }: AutoMtlsLeftOff): string {
  if (typeof because === 'string') return WHY_NOT[because];
  const { client, host, port, side, if: conditions } = because;
  const call = `${objectText(client)} → ${host}:${port}`;
  const where = conditions ? ` ${conditionText(conditions)}` : '';
  const isBroken = transportOf(side.path).outcome === 'broken';
  return isBroken ? `auto mTLS would break ${call}${where}` : `auto mTLS would leave ${call} undecided${where}`;
}

const WHY_NOT: Readonly<Record<Extract<AutoMtlsLeftOff['because'], string>, string>> = {
  'scope': 'auto mTLS would also change calls outside the scope',
  'elsewhere': 'the mesh config isn\'t among the manifests',
  'no-order': 'no safe order was found with auto mTLS',
};

function noteOf(text: string): Note {
  return { about: 'control plane', text: redacted(text) };
}
